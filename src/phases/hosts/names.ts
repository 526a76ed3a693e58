import { hostsBlock, hostsFile } from '../../render/hosts-file.js';
import { publicFile } from '../../render/rendered-file.js';
import { factsOf } from './context.js';
import { hostPhase } from './each-host.js';
import { paths } from './paths.js';
import { placeFile } from './place-file.js';

/** Every host knows every host's name, its own included, and none of them as a loopback address. */
export const writeNames = hostPhase({
  title: 'Make the names resolve',
  async run(context, host, door) {
    const text = hostsFile(factsOf(context, host).hostsFile, await hostsBlock(context.file), context.file);
    await placeFile(context, host, door, publicFile(paths.hosts, text));
  },
});
