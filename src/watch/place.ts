import type { Place } from './snapshot.js';

/** A command of Warren's as it is to be typed about this cluster; where it knows only a URL, that. */
export function typed(place: Place, command: string): string {
  if (place.kind === 'local') return `warren ${command} --cluster ${place.cluster}`;
  if (place.kind === 'hosts') return `warren ${command} --cluster ${place.file}`;
  return `warren ${command} --url ${place.url}`;
}

/** How a node that is down comes back. */
export function toStart(place: Place, node: string, paused: boolean): string {
  if (place.kind === 'local') return typed(place, `node ${paused ? 'resume' : 'start'} ${shortName(node)}`);
  if (place.kind === 'hosts') return typed(place, `logs --node ${hostName(node)} --since 10m`);
  return `on ${hostName(node)}: systemctl status rabbitmq-server`;
}

/** Restarts one of the nodes that lost each other: it joins the others again, by their state. */
export function toRestart(place: Place, node: string): string {
  if (place.kind === 'local') return typed(place, `node restart ${shortName(node)}`);
  if (place.kind === 'hosts') return typed(place, `node restart ${hostName(node)}`);
  return `on ${hostName(node)}: systemctl restart rabbitmq-server`;
}

/** Which queues are the reason: the same for every place. */
export function toBacklog(place: Place): string {
  return typed(place, 'backlog');
}

function shortName(node: string): string {
  return node.replace(/@.*$/, '');
}

function hostName(node: string): string {
  return node.replace(/^.*@/, '');
}
