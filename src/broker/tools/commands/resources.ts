import { BadValue, bytes } from '../../config/conf-value.js';
import { type Command, type Invocation, nothing } from '../command.js';
import { exitStatus, UsageError } from '../exit-status.js';

const bad = (message = 'Bad argument.') => new UsageError(message, exitStatus.dataError);

function sizeOf(text: string): number {
  try {
    return bytes(text);
  } catch (error) {
    throw error instanceof BadValue ? bad() : error;
  }
}

function fractionOf(text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw bad();
  return Number(text);
}

function watermarkOf({ operands }: Invocation): { relative: number } | { bytes: number } {
  if (operands[0] !== 'absolute') {
    if (operands.length > 1) throw new UsageError('too many arguments.');
    const relative = fractionOf(operands[0]!);
    if (relative < 0 || relative > 1) {
      throw bad('Bad argument: The threshold should be a fraction between 0.0 and 1.0');
    }
    return { relative };
  }
  if (operands[1] === undefined) throw new UsageError('not enough arguments.');
  return { bytes: sizeOf(operands[1]) };
}

const setMemoryHighWatermark: Command = {
  usage: '<fraction> | absolute <value>',
  operands: [1, 2],
  requires: 'running app',
  check: (invocation) => void watermarkOf(invocation),
  banner: ({ node, operands: [first, second] }) =>
    `Setting memory threshold on ${node} to ${first === 'absolute' ? `${second} bytes` : first} ...`,
  async run(invocation, session) {
    await session.ask('set_memory_high_watermark', watermarkOf(invocation));
    return nothing;
  },
};

function limitOf({ operands }: Invocation): { relative: number } | { bytes: number } {
  if (operands[0] !== 'mem_relative') {
    if (operands.length > 1) throw new UsageError('too many arguments.');
    return { bytes: sizeOf(operands[0]!) };
  }
  if (operands[1] === undefined) throw new UsageError('not enough arguments.');
  return { relative: fractionOf(operands[1]) };
}

const setDiskFreeLimit: Command = {
  usage: '<disk_limit> | mem_relative <fraction>',
  operands: [1, 2],
  requires: 'running app',
  check: (invocation) => void limitOf(invocation),
  banner: ({ node, operands: [first, second] }) =>
    first === 'mem_relative'
      ? `Setting disk free limit on ${node} to ${second} times the total RAM ...`
      : `Setting disk free limit on ${node} to ${first} bytes ...`,
  async run(invocation, session) {
    await session.ask('set_disk_free_limit', limitOf(invocation));
    return nothing;
  },
};

export const resourceCommands: Record<string, Command> = {
  set_vm_memory_high_watermark: setMemoryHighWatermark,
  set_disk_free_limit: setDiskFreeLimit,
};
