import * as Flags from '@oclif/core/flags';
import { type TopOrder, type TopResult, topFrame, topOnce, topOrders, watchTop } from '../operations/top.js';
import { paintFor } from '../view/paint.js';
import { topText } from '../view/top.js';
import { liveScreen } from './base/live-screen.js';
import { WatchCommand, watchFlags } from './base/watch-command.js';

const interrupt = '\u0003';

export default class Top extends WatchCommand {
  static override summary = 'Watch nodes, queues and rates on a living screen';
  static override description = `Keys: s sorts by the next column, q ends it. On a pipe it prints once.`;

  static override examples = [
    '<%= config.bin %> top',
    '<%= config.bin %> top --sort growth',
    '<%= config.bin %> top --json',
  ];

  static override flags = {
    ...watchFlags,
    sort: Flags.option({ description: 'the column', options: topOrders, default: 'ready' as const })(),
    every: Flags.integer({ description: 'seconds between looks', default: 2, min: 1 }),
  };

  async run(): Promise<TopResult | undefined> {
    const { flags } = await this.parse(Top);
    const target = await this.target(flags);
    const paint = await paintFor(process.stdout, process.env);
    if (!process.stdout.isTTY || !process.stdin.isTTY || this.jsonEnabled()) {
      const frame = await topOnce({ ...target, order: flags.sort }, this.surroundings);
      this.log(topText(frame, { sort: flags.sort, paint, size: { columns: 1_000, rows: 100_000 } }));
      return frame;
    }
    let order: TopOrder = flags.sort;
    let redraw = () => {};
    const over = new AbortController();
    const screen = await liveScreen((key) => {
      if (key === 'q' || key === interrupt) over.abort();
      if (key === 's') order = topOrders[(topOrders.indexOf(order) + 1) % topOrders.length]!;
      redraw();
    });
    const signal = AbortSignal.any([over.signal, this.surroundings.signal]);
    try {
      const show: Parameters<typeof watchTop>[0]['show'] = (snapshot, curves) => {
        redraw = () => screen.draw(this.#screen(topFrame(snapshot, curves, order), order, paint));
        redraw();
      };
      await watchTop({ ...target, seconds: flags.every, show, signal }, this.surroundings);
    } finally {
      screen.end();
    }
    return undefined;
  }

  #screen(frame: TopResult, order: TopOrder, paint: Awaited<ReturnType<typeof paintFor>>): string {
    const { columns = 80, rows = 24 } = process.stdout;
    return `${topText(frame, { sort: order, paint, size: { columns, rows: rows - 1 } })}\n${paint.quiet(`s: sort (${order})  q: end`)}`;
  }
}
