/** AMQP clients at the control point: programs of their own, since only a process can sit in a namespace. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Control } from './control.js';

export interface LoadReport {
  readonly published: number;
  /** The numbers that the broker confirmed. */
  readonly confirmed: readonly number[];
  readonly connections: number;
}

export interface AnswersReport {
  readonly asked: number;
  /** From when until when there was no answer. */
  readonly outages: readonly (readonly [number, number])[];
}

/** Something that goes on until it is asked what came of it. */
export interface Running<Report> {
  stop(): Promise<Report>;
}

/** Publishes numbers with confirms through whatever happens; it has begun when this answers. */
export function load(
  control: Control,
  url: string,
  queue: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Running<LoadReport>> {
  return running(control, 'load.js', [url, queue], environment);
}

/** Asks for AMQP, again and again, whether it is answered or not. */
export function answers(control: Control, host: string, port = 5672): Promise<Running<AnswersReport>> {
  return running(control, 'answers.js', [host, String(port)]);
}

/** What a queue holds, taken out of it. */
export async function readAll(control: Control, url: string, queue: string): Promise<number[]> {
  return JSON.parse(await run(control, 'read-all.js', [url, queue])) as number[];
}

/** A message there and back; answers what came back. */
export async function roundTrip(control: Control, url: string, text: string): Promise<string> {
  return (await run(control, 'round-trip.js', [url, 'round-trip', text])).trimEnd();
}

/** What was confirmed and is not in the queue. */
export function lost({ confirmed }: LoadReport, inQueue: readonly number[]): number[] {
  const there = new Set(inQueue);
  return confirmed.filter((number) => !there.has(number));
}

async function run(control: Control, name: string, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await control.run(process.execPath, [program(name), ...args]);
  if (status === 0) return stdout;
  throw new Error(`${name} ended with ${status}: ${stderr}`);
}

async function running<Report>(
  control: Control,
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Running<Report>> {
  const env = { ...process.env, ...environment };
  const child = control.start(process.execPath, [program(name), ...args], { stdio: 'pipe', env });
  const report = printed(child);
  report.catch(() => {});
  // Its first word says that it has begun; it goes on until its standard input ends.
  await Promise.race([once(child.stderr!, 'data'), report]);
  return {
    async stop() {
      child.stdin!.end();
      return JSON.parse(await report) as Report;
    },
  };
}

async function printed(child: ChildProcess): Promise<string> {
  let stdout = '';
  child.stdout!.on('data', (chunk) => {
    stdout += chunk;
  });
  await once(child, 'close');
  return stdout;
}

function program(name: string): string {
  return fileURLToPath(new URL(`clients/${name}`, import.meta.url));
}
