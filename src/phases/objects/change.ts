/** One thing that the broker is to be told: the sentence for the door, and the request. */
export interface ObjectChange {
  readonly sentence: string;
  readonly method: 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  /** Made when it is sent: it may hold a password. */
  readonly body: () => unknown;
}

export function put(sentence: string, path: string, body: () => unknown): ObjectChange {
  return { sentence, method: 'PUT', path, body };
}

/** Deep equality of JSON values, whatever the order of keys; an absent key is like an undefined one. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) =>
    sameJson((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
  );
}
