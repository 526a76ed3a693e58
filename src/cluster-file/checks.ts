import type { WrittenFile } from './schema.js';
import type { Finding } from './text.js';

export interface Findings {
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** What is right word by word and wrong as a whole: names that nobody has, addresses that two have. */
export function findings(file: WrittenFile): Findings {
  return { errors: [...mixed(file), ...passwords(file)], warnings: [] };
}

function mixed({ nodes }: WrittenFile): Finding[] {
  if (!Array.isArray(nodes)) return [];
  const here = nodes.findIndex(({ address }) => address === undefined);
  const there = nodes.find(({ address }) => address !== undefined);
  if (here === -1 || !there) return [];
  return [
    {
      path: ['nodes', here],
      message: `node ${nodes[here]!.name} has no address, and node ${there.name} has one: a cluster is either on this machine or on hosts`,
      suggestion: 'give every node an address, or none',
    },
  ];
}

function passwords({ users }: WrittenFile): Finding[] {
  return users.flatMap(({ name, password, password_hash }, index) =>
    password === undefined && password_hash === undefined
      ? [
          {
            path: ['users', index],
            message: `user ${name} has no password`,
            suggestion: 'write password: generate, password: env:NAME or password: file:PATH',
          },
        ]
      : [],
  );
}
