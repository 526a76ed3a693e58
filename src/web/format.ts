/** Figures and names as the page writes them. An absent figure is a dash. */
import type { Details, Stats } from './api-types.js';

const absent = '–';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function count(value: number | undefined): string {
  return typeof value === 'number' ? whole.format(value) : absent;
}

/** For axes and other narrow places. */
export function short(value: number | undefined): string {
  return typeof value === 'number' ? compact.format(value) : absent;
}

export function rate(value: number | undefined): string {
  if (typeof value !== 'number') return absent;
  return `${value >= 100 ? whole.format(value) : oneDigit.format(value)}/s`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(value: number | undefined): string {
  if (typeof value !== 'number') return absent;
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${rest >= 100 || unit === 0 ? whole.format(rest) : oneDigit.format(rest)} ${units[unit]}`;
}

/** Milliseconds as the two largest units: 3 d 4 h. */
export function duration(ms: number | undefined): string {
  if (typeof ms !== 'number') return absent;
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

export function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

/** The rate of a counter, 0 where nothing was counted yet. */
export function rateOf(stats: Stats | undefined, name: string): number {
  const details = stats?.[`${name}_details`];
  return typeof details === 'object' ? details.rate : 0;
}

export function detailsOf(stats: Stats | undefined, name: string): Details | undefined {
  const details = stats?.[`${name}_details`];
  return typeof details === 'object' ? details : undefined;
}

export function figure(stats: Stats | undefined, name: string): number | undefined {
  const value = stats?.[name];
  return typeof value === 'number' ? value : undefined;
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** The exchange without a name has one in the API and on the screen. */
export function exchangeName(name: string): string {
  return name === '' ? '(default)' : name;
}
