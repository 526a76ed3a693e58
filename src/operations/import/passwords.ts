import { passwordInUri } from '../../cluster-file/filled.js';
import { passwordVariable } from '../../cluster-file/upstream-word.js';
import type { DefinedParameter } from '../../phases/objects/definitions.js';

/** Parameters with a reference wherever a URI held a password; each is noted with its variable. */
export function withoutPasswords(parameters: readonly DefinedParameter[]): {
  values: DefinedParameter[];
  notes: string[];
} {
  const notes: string[] = [];
  const values = parameters.map((parameter) => {
    const { component, name, value } = parameter;
    const text = JSON.stringify(value);
    if (!passwordInUri.test(text)) return parameter;
    const variable = passwordVariable(name);
    notes.push(
      `${component} ${name} held a password in its address: the file says \${env:${variable}}, so set that variable`,
    );
    const everywhere = new RegExp(passwordInUri, 'g');
    const hidden = text.replace(everywhere, (_, before: string) => `${before}\${env:${variable}}@`);
    return { ...parameter, value: JSON.parse(hidden) as unknown };
  });
  return { values, notes };
}
