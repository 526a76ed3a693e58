import { after, type Line, linesOf, modeOf, type Section, setting } from './parse.js';

/** What carries AMQP: a section with servers, and where clients come in. */
export interface AmqpProxy {
  readonly front: Section;
  readonly back: Section;
  readonly servers: readonly Line[];
}

const amqpPorts = new Set(['5672', '5671']);

/** By its ports or by its name; management over HTTP is another matter. */
export function amqpProxies(sections: readonly Section[]): AmqpProxy[] {
  return sections
    .filter(({ kind }) => kind === 'listen' || kind === 'backend')
    .filter((section) => modeOf(section) === 'tcp')
    .map((back) => ({ front: frontOf(back, sections), back, servers: serversOf(back) }))
    .filter(({ servers }) => servers.length > 0)
    .filter(({ front, back, servers }) => {
      const ports = [...servers.map(({ words }) => words[2]), ...linesOf(front, 'bind').map(bindAddress)].map(
        portOf,
      );
      return (
        ports.some((port) => amqpPorts.has(port ?? '')) ||
        /rabbit|amqp|mq/i.test(`${back.name} ${front.name}`)
      );
    });
}

function serversOf(section: Section): Line[] {
  return [...linesOf(section, 'server'), ...linesOf(section, 'server-template')];
}

/** Of a server or of the section's default-server. */
export function serverWord(section: Section, server: Line, word: string): string | undefined {
  return after(server, word) ?? (defaultServer(section) && after(defaultServer(section)!, word));
}

export function isChecked(section: Section, server: Line): boolean {
  if (server.words.includes('no-check')) return false;
  return [server, defaultServer(section)].some(
    (line) => line !== undefined && (line.words.includes('check') || line.words.includes('track')),
  );
}

export function bindAddress({ words }: Line): string {
  return words[1] ?? '';
}

export function portOf(address: string | undefined): string | undefined {
  return /:(\d+)(?:-\d+)?$/.exec(address ?? '')?.[1];
}

function defaultServer(section: Section): Line | undefined {
  return setting(section, 'default-server');
}

function frontOf(back: Section, sections: readonly Section[]): Section {
  if (back.kind === 'listen') return back;
  const front = sections.find(
    (section) => section.kind === 'frontend' && setting(section, 'default_backend')?.words[1] === back.name,
  );
  return front ?? back;
}
