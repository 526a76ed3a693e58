import * as Flags from '@oclif/core/flags';

/** Which hosts, and how many of them at a time. */
export const hostFlags = {
  file: Flags.file({
    char: 'f',
    description: 'the cluster file',
    helpValue: 'warren.yaml',
    default: 'warren.yaml',
  }),
  limit: Flags.string({
    description: 'change these hosts only (the others are looked at)',
    helpValue: 'HOST',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
  }),
  'accept-new': Flags.boolean({
    description: 'take over the key of a host that known_hosts does not know (a changed key is refused)',
  }),
  concurrency: Flags.integer({ description: 'how many hosts at a time', default: 32, min: 1 }),
};

/** What part of an apply. */
export const phaseFlags = {
  only: phases('these phases only'),
  skip: phases('all phases but these'),
  'reset-node': Flags.string({
    description: 'join this node although it holds data of its own, which is deleted',
    helpValue: 'HOST',
    multiple: true,
    multipleNonGreedy: true,
  }),
};

function phases(description: string) {
  return Flags.string({
    description,
    helpValue: 'PHASE,…',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
  });
}
