/** What the traces of one node are asked. Refused where the rabbitmq_tracing plugin does not run. */
import type { TraceFact, Traces } from '../../tracing/traces.js';

interface Named {
  vhost: string;
  name: string;
}

export interface TracingQuestions {
  'tracing.list': [{ vhost: string | null }, TraceFact[]];
  'tracing.find': [Named, TraceFact | null];
  /** Answers why not, or null. */
  'tracing.create': [Named & { definition: Record<string, unknown> }, string | null];
  'tracing.stop': [Named, null];
  'tracing.files': [Record<string, never>, { name: string; size: number }[]];
  'tracing.file_exists': [{ name: string }, boolean];
  /** A piece of a file, in base64; empty at its end. */
  'tracing.file_piece': [{ name: string; from: number }, string];
  'tracing.delete_file': [{ name: string }, null];
}

type TracingAnswers = {
  [Q in keyof TracingQuestions]: (
    args: TracingQuestions[Q][0],
  ) => TracingQuestions[Q][1] | Promise<TracingQuestions[Q][1]>;
};

const pieceLength = 1024 * 1024;

export function tracingAnswers(running: () => Traces | null): TracingAnswers {
  const traces = () => {
    const found = running();
    if (found === null) throw new Error('rabbitmq_tracing does not run');
    return found;
  };
  return {
    'tracing.list': ({ vhost }) => traces().list(vhost),
    'tracing.find': ({ vhost, name }) => traces().find(vhost, name),
    'tracing.create': async ({ vhost, name, definition }) => {
      const { TraceRefused } = await import('../../tracing/traces.js');
      try {
        await traces().create(vhost, name, definition);
        return null;
      } catch (error) {
        if (error instanceof TraceRefused) return error.message;
        throw error;
      }
    },
    'tracing.stop': async ({ vhost, name }) => {
      await traces().stop(vhost, name);
      return null;
    },
    'tracing.files': () => traces().files.list(),
    'tracing.file_exists': ({ name }) => traces().files.exists(name),
    'tracing.file_piece': async ({ name, from }) =>
      (await traces().files.read(name, from, pieceLength)).toString('base64'),
    'tracing.delete_file': async ({ name }) => {
      await traces().files.delete(name);
      return null;
    },
  };
}
