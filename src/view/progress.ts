import type { PhaseEvent } from '../phases/phase.js';

/**
 * Progress of a run of phases, on standard error, so that standard output
 * keeps only the answer. Nothing is shown in the first second: most runs are
 * over by then. After it, a terminal gets a living list and anything else
 * gets plain lines.
 */
export interface Progress {
  readonly watch: (event: PhaseEvent) => void;
  /** Draws what is left to draw, and lets go of the terminal. */
  end(): Promise<void>;
}

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream;
  readonly quietMs: number;
}

/** Narrower terminals would wrap every line of a living list. */
const narrowest = 40;

export function progress(options: ProgressOptions): Progress {
  const events: PhaseEvent[] = [];
  let show: ((event: PhaseEvent) => void) | undefined;
  let drawing: Promise<unknown> = Promise.resolve();
  const begin = () => {
    if (options.stream.isTTY && options.stream.columns >= narrowest) {
      drawing = livingList(events).then((list) => {
        show = list.show;
        return list.finished;
      });
    } else {
      show = plainLines(options.stream);
      for (const event of events.splice(0)) show(event);
    }
  };
  const timer = setTimeout(begin, options.quietMs);
  timer.unref();
  return {
    watch(event) {
      if (show) show(event);
      else events.push(event);
    },
    async end() {
      clearTimeout(timer);
      await drawing;
    },
  };
}

function plainLines(stream: NodeJS.WriteStream): (event: PhaseEvent) => void {
  let title = '';
  /** Of phases that run side by side, each change stands below its own. */
  const head = (event: PhaseEvent & { readonly title: string }) => {
    if (event.title !== title || event.kind === 'started') stream.write(`${event.title} ...\n`);
    title = event.title;
  };
  return (event) => {
    if (event.kind === 'started') head(event);
    if (event.kind === 'change') {
      head(event);
      stream.write(`  ${whatAndWhere(event)}\n`);
    }
    if (event.kind === 'cleaning') stream.write(`Undo: ${event.title} ...\n`);
    if (event.kind === 'failed') stream.write(`Failed: ${event.title}\n`);
  };
}

function whatAndWhere({ sentence, host }: { sentence: string; host?: string | undefined }): string {
  return host === undefined ? sentence : `${host}: ${sentence}`;
}

interface Step {
  readonly title: string;
  readonly over: Promise<void>;
  /** Puts a line below the title, once it is drawn. */
  tell(line: string): void;
  done(): void;
  fail(error: Error): void;
}

/** Listr draws; each of its tasks only waits for the runner's event of the same title. */
async function livingList(events: PhaseEvent[]) {
  const { Listr } = await import('listr2');
  const planned = events.find((event) => event.kind === 'planned');
  const steps = (planned?.titles ?? []).map(step);
  let drawn: Step | undefined;
  const show = (event: PhaseEvent) => {
    // What is done beside the step that is drawn stands below that one.
    if (event.kind === 'change') drawn?.tell(whatAndWhere(event));
    if (event.kind === 'done') steps.find(({ title }) => title === event.title)?.done();
    if (event.kind !== 'failed') return;
    for (const one of steps) one.fail(new Error(event.message));
  };
  for (const event of events.splice(0)) show(event);
  const list = new Listr(
    steps.map((one) => ({
      title: one.title,
      task: (_context, task) => {
        drawn = one;
        one.tell = (line) => {
          task.output = line;
        };
        return one.over;
      },
    })),
    { rendererOptions: { showErrorMessage: false }, concurrent: false },
  );
  return { show, finished: list.run().catch(() => {}) };
}

function step(title: string): Step {
  let done: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const over = new Promise<void>((resolve, reject) => {
    done = resolve;
    fail = reject;
  });
  over.catch(() => {});
  return { title, over, tell: () => {}, done, fail };
}
