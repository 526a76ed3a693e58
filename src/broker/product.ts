import { readFileSync } from 'node:fs';
import { compatibleVersion } from './config/plugins.js';
import type { Product } from './connection/server-properties.js';

const packageFile = new URL('../../package.json', import.meta.url);

/** What this broker says it is: its own name and version, and the RabbitMQ it is compatible with. */
export const product: Product = {
  name: 'Warren',
  version: (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version,
  compatibleWith: compatibleVersion,
};
