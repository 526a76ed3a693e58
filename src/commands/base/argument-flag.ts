import * as Flags from '@oclif/core/flags';

/** Arguments of what is declared or bound, one KEY=VALUE each time. */
export const argumentFlag = (description: string) =>
  Flags.string({
    description,
    helpValue: 'KEY=VALUE',
    multiple: true,
    multipleNonGreedy: true,
    default: [],
  });
