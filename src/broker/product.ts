import { readFileSync } from 'node:fs';
import { packageFile } from '../package/package-file.js';
import { compatibleVersion } from './config/plugins.js';
import type { Product } from './connection/server-properties.js';

/** What this broker says it is: its own name and version, and the RabbitMQ it is compatible with. */
export const product: Product = {
  name: 'Warren',
  version: (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version,
  compatibleWith: compatibleVersion,
};
