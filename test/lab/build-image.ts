import { prepareImage } from './image.js';
import { whyNoLab } from './requirements.js';

/** Before the first test that wants hosts: the image they are made of, or a word on why there are none. */
export default async function start(): Promise<void> {
  const reason = whyNoLab();
  if (reason) console.log(`- no blank hosts: skipping the lab, for ${reason}`);
  else await prepareImage('base', console.log);
}
