/**
 * Values in listings as Erlang knows them, since each formatter shows the kinds differently: an atom is bare in
 * a table and a string in JSON; a string is a binary to the erlang formatter and quoted inside of a list.
 */
export type Cell =
  | null
  | string
  | number
  | boolean
  | bigint
  | AtomCell
  | PidCell
  | TupleCell
  | Cell[]
  | PropertiesCell
  | FieldsCell;

export interface AtomCell {
  atom: string;
}

interface PidCell {
  pid: string;
}

interface TupleCell {
  tuple: Cell[];
}

/** An Erlang property list, an object in JSON. */
interface PropertiesCell {
  properties: [string, Cell][];
}

/** An AMQP field table: name, type, value; an object in JSON. */
interface FieldsCell {
  fields: [name: string, type: string, value: Cell][];
}

export const atom = (name: string): AtomCell => ({ atom: name });
export const atoms = (names: readonly string[]): AtomCell[] => names.map(atom);
