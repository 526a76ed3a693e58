/** A chart over time by uPlot, which is loaded with the first one, in the colours of the theme. It follows its card's width. */

import { Component, createRef, h } from 'preact';
import type Plot from 'uplot';
import type { Details, Sample } from '../api-types.js';
import { bytes, count, rate, short } from '../format.js';

interface Line {
  readonly label: string;
  readonly colour: 'blue' | 'orange' | 'green' | 'violet' | 'red' | 'grey';
  readonly details: Details | undefined;
}

interface Props {
  readonly label: string;
  readonly lines: readonly Line[];
  /** rate: how fast a counter grows; count and bytes: what was there. */
  readonly unit: 'rate' | 'count' | 'bytes';
}

const height = 190;
const texts = { rate, count, bytes };

export class Chart extends Component<Props> {
  readonly #place = createRef<HTMLDivElement>();
  readonly #sizes = new ResizeObserver(() => this.#fit());
  #plot: Plot | undefined;

  override componentDidMount(): void {
    document.addEventListener('theme', this.#draw);
    this.#sizes.observe(this.#place.current!);
    void this.#draw();
  }

  override componentDidUpdate(before: Props): void {
    const same =
      before.lines.map(({ label }) => label).join() === this.props.lines.map(({ label }) => label).join();
    if (same) this.#plot?.setData(pointsOf(this.props));
    else void this.#draw();
    this.#showLatest();
  }

  override componentWillUnmount(): void {
    document.removeEventListener('theme', this.#draw);
    this.#sizes.disconnect();
    this.#plot?.destroy();
  }

  readonly #draw = async (): Promise<void> => {
    const { default: Uplot } = await import('uplot');
    const place = this.#place.current;
    // Gone while the library came.
    if (!place) return;
    this.#plot?.destroy();
    this.#plot = new Uplot(
      { ...optionsOf(this.props, place), width: place.clientWidth, height },
      pointsOf(this.props),
      place,
    );
    this.#showLatest();
  };

  /** Until the pointer is over the chart, its legend tells the latest figures. */
  #showLatest(): void {
    const plot = this.#plot;
    const last = (plot?.data[0].length ?? 0) - 1;
    if (plot && last >= 0 && plot.cursor.idx == null) plot.setLegend({ idx: last });
  }

  #fit(): void {
    const width = this.#place.current?.clientWidth ?? 0;
    if (width > 0 && width !== this.#plot?.width) this.#plot?.setSize({ width, height });
  }

  override render() {
    return (
      <figure class="chart">
        <figcaption>{this.props.label}</figcaption>
        <div ref={this.#place} />
      </figure>
    );
  }
}

function optionsOf({ lines, unit }: Props, place: HTMLElement): Omit<Plot.Options, 'width' | 'height'> {
  // A canvas is drawn with colours as they come out: a variable's own text still has both themes in it.
  const colour = (name: string) => {
    place.style.color = `var(${name})`;
    const { color } = getComputedStyle(place);
    place.style.color = '';
    return color;
  };
  const quiet = {
    stroke: colour('--muted'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  const font = '11px system-ui, sans-serif';
  return {
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_, __, max) => [0, Math.max(max * 1.15, unit === 'bytes' ? 1024 : 1)] } },
    axes: [
      {
        ...quiet,
        font,
        size: 26,
        space: 70,
        grid: { show: false },
        values: (_, at, __, ___, step) => at.map((each) => timeText(each, step)),
      },
      { ...quiet, font, size: 54, values: (_, values) => values.map((value) => axisText(unit, value)) },
    ],
    series: [
      { label: 'Time', value: (_, at) => (at == null ? '' : timeText(at, 1)) },
      ...lines.map((line, index) => ({
        label: line.label,
        stroke: colour(`--${line.colour}`),
        width: 1.75,
        points: { show: false },
        ...(index === 0
          ? { fill: `color-mix(in srgb, ${colour(`--${line.colour}`)} 10%, transparent)` }
          : {}),
        value: (_: Plot, value: number | null) => texts[unit](value ?? undefined),
      })),
    ],
  };
}

function axisText(unit: Props['unit'], value: number): string {
  return unit === 'bytes' ? bytes(value) : short(value) + (unit === 'rate' ? '/s' : '');
}

/** Seconds are said where they differ. */
function timeText(at: number, step: number): string {
  return new Date(at * 1000).toLocaleTimeString('en-GB').slice(0, step >= 60 ? 5 : 8);
}

/** Samples come newest first, the same times for every line of one answer. */
function pointsOf({ lines, unit }: Pick<Props, 'lines' | 'unit'>): [number[], ...(number | null)[][]] {
  const samples = lines.map(({ details }) => [...(details?.samples ?? [])].reverse());
  const longest = samples.reduce<Sample[]>((a, b) => (b.length > a.length ? b : a), []);
  const skipped = unit === 'rate' ? 1 : 0;
  const times = longest.slice(skipped).map(({ timestamp }) => timestamp / 1000);
  return [times, ...samples.map((of) => valuesOf(of, unit, times.length))];
}

function valuesOf(samples: readonly Sample[], unit: Props['unit'], length: number): (number | null)[] {
  const values = unit === 'rate' ? ratesOf(samples) : samples.map(({ sample }) => sample);
  return [...Array<null>(Math.max(0, length - values.length)).fill(null), ...values];
}

function ratesOf(samples: readonly Sample[]): number[] {
  return samples.slice(1).map(({ sample, timestamp }, index) => {
    const before = samples[index]!;
    return Math.max(0, ((sample - before.sample) * 1000) / (timestamp - before.timestamp));
  });
}
