import { readFile } from 'node:fs/promises';
import { importDefinitions } from '../core/definitions.js';
import type { Metadata } from '../core/ports.js';

/** `load_definitions`: at every start, as RabbitMQ does; importing what is there already changes nothing. */
export async function importDefinitionsFile(metadata: Metadata, file: string, node: string): Promise<void> {
  let document: Record<string, unknown>;
  try {
    document = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`definitions file ${file} cannot be read: ${(error as Error).message}`);
  }
  await importDefinitions(metadata, node, document, null);
}
