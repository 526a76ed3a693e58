import { harmless } from './harmless.js';

interface DoneRow {
  readonly what: string;
  readonly name: string;
  readonly vhost?: string | undefined;
  readonly did: string;
}

/** `queue orders in vhost /: declared.` */
export function doneText({ what, name, vhost, did }: DoneRow): string {
  return harmless(`${what} ${name}${vhost === undefined ? '' : ` in vhost ${vhost}`}: ${did}.`);
}
