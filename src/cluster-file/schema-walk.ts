import type { Path } from './text.js';

/** The way down the schema along a path of the file; numbers in the path are places in a list. */
interface Definition {
  readonly type?: string;
  readonly innerType?: unknown;
  readonly element?: unknown;
  readonly options?: readonly unknown[];
  readonly shape?: Record<string, unknown>;
  readonly values?: readonly unknown[];
}

/** The keys that the schema allows at a path. */
export function keysAt(schema: unknown, path: Path): string[] {
  return Object.keys(shapeOf(schemaAt(schema, path)) ?? {});
}

/** What a key that tells variants apart may be. */
export function variantsAt(schema: unknown, path: Path, key: string): string[] {
  return variantsOf(schemaAt(schema, path)).flatMap((variant) => {
    const values = definitionOf(shapeOf(variant)?.[key]).values ?? [];
    return values.map(String);
  });
}

function schemaAt(schema: unknown, path: Path): unknown {
  let here = schema;
  for (const step of path) here = typeof step === 'number' ? itemOf(here) : shapeOf(here)?.[step];
  return here;
}

function variantsOf(schema: unknown): unknown[] {
  const { options } = definitionOf(schema);
  return options ? options.flatMap(variantsOf) : [schema];
}

function definitionOf(schema: unknown): Definition {
  let definition = (schema as { def?: Definition } | undefined)?.def ?? {};
  while (definition.innerType) definition = (definition.innerType as { def: Definition }).def;
  return definition;
}

/** Of a union, the keys of all that are maps. */
function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const { shape, options } = definitionOf(schema);
  if (shape || !options) return shape;
  const shapes = options.map(shapeOf).filter((one) => one !== undefined);
  return shapes.length > 0 ? Object.assign({}, ...shapes) : undefined;
}

function itemOf(schema: unknown): unknown {
  const { element, options } = definitionOf(schema);
  return element ?? options?.map(itemOf).find((item) => item !== undefined);
}
