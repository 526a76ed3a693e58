/** The keyboard: one key for what is done often, g and a letter to go somewhere. Nothing while somebody types. */
import { hrefOf } from './router.js';
import { toggleTheme } from './theme.js';

export const places: readonly (readonly [key: string, name: string, title: string])[] = [
  ['o', 'overview', 'Overview'],
  ['n', 'nodes', 'Nodes'],
  ['q', 'queues', 'Queues'],
  ['e', 'exchanges', 'Exchanges'],
  ['c', 'connections', 'Connections'],
  ['h', 'channels', 'Channels'],
  ['t', 'topology', 'Topology'],
  ['p', 'policies', 'Policies'],
  ['u', 'users', 'Users'],
  ['r', 'tracing', 'Tracing'],
  ['a', 'alerts', 'Alerts'],
];

export const keys: readonly (readonly [key: string, what: string])[] = [
  ['/', 'search by name'],
  ['n', 'next page of a list'],
  ['p', 'page before'],
  ['d', 'dark or light'],
  ['?', 'this list'],
  ['Esc', 'out of a field, close a dialog'],
];

export function listenToKeys(showKeys: () => void): void {
  let going = false;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (event.key === 'Escape') return target.blur();
    if (target.matches('input, textarea, select') || document.querySelector('dialog[open]')) return;
    const place = going ? places.find(([key]) => key === event.key) : undefined;
    going = event.key === 'g' && !going;
    if (place) location.hash = hrefOf([place[1]]);
    else if (!going) act(event, showKeys);
  });
}

function act(event: KeyboardEvent, showKeys: () => void): void {
  if (event.key === '/') {
    const search = document.querySelector<HTMLInputElement>('input[type=search]');
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === '?') showKeys();
  else if (event.key === 'd') toggleTheme();
  else if (event.key === 'n' || event.key === 'p')
    document.querySelector<HTMLButtonElement>(`button[data-key=${event.key}]`)?.click();
}
