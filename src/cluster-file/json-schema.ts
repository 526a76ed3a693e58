import { z } from 'zod';
import { clusterFileSchema } from './schema.js';

/** The schema of the cluster file for editors, in the form of JSON Schema 2020-12. */
export function jsonSchema(): Record<string, unknown> {
  return {
    title: 'Cluster file of Warren',
    ...z.toJSONSchema(clusterFileSchema, { io: 'input', unrepresentable: 'any' }),
  };
}
