import type { Host } from '../../cluster-file/hosts.js';
import { backupSuffix } from '../../drivers/transport/transport.js';
import { WarrenError } from '../../errors/warren-error.js';
import type { RenderedFile } from '../../render/rendered-file.js';
import type { Door } from '../phase.js';
import { factsOf, type HostsContext, transportOf } from './context.js';
import { placeFile } from './place-file.js';
import { patience, systemdOf } from './services.js';

/** A service with its configuration: HAProxy or Keepalived. */
export interface FrontEndService {
  readonly program: 'HAProxy' | 'Keepalived';
  readonly service: 'haproxy' | 'keepalived';
  /** The note that stands on the host from before the file is replaced until the service has taken it in. */
  readonly note: string;
  readonly check: (temporary: string) => Promise<void>;
  /** Which process does the work now; another one after a reload, where a reload makes a new one. */
  readonly worker?: () => Promise<string>;
  /** Throws when the service does not do its work, or when the worker of before still does it. */
  readonly answers: (before?: string) => Promise<void>;
}

/**
 * Writes the configuration and lets the service take it in: a reload where it
 * runs, which drops no connection, a start where it does not. A reload that
 * fails brings the former file back. An apply that was interrupted between the
 * file and the reload left its note, and the next one reloads.
 */
export async function configureService(
  context: HostsContext,
  host: Host,
  door: Door,
  file: RenderedFile,
  service: FrontEndService,
): Promise<void> {
  const transport = transportOf(context, host);
  const facts = factsOf(context, host);
  const running = facts.services.get(service.service)?.active === 'active';
  const written = await placeFile(context, host, door, file, {
    check: service.check,
    before: async () => {
      await transport.makeFolder('/run/warren', 0o755);
      await transport.writeFile(service.note, `${file.path}\n`, { mode: 0o644 });
    },
  });
  if (running && !written && !facts.files.has(service.note)) return;
  await door.change(`${running ? 'reload' : 'start'} ${service.program}`, async () => {
    if (running) await reload(context, host, file, service, written);
    else await start(context, host, service);
    await transport.remove(service.note);
  });
}

async function start(
  context: HostsContext,
  host: Host,
  { service, answers }: FrontEndService,
): Promise<void> {
  const systemd = systemdOf(context, host);
  await systemd.reloadUnits(patience(context));
  await systemd.enable(service, patience(context));
  await systemd.restart(service, patience(context));
  await answers();
}

async function reload(
  context: HostsContext,
  host: Host,
  { path, mode, owner, group }: RenderedFile,
  { program, service, worker, answers }: FrontEndService,
  written: boolean,
): Promise<void> {
  try {
    const before = await worker?.();
    await systemdOf(context, host).reload(service, patience(context));
    await answers(before);
  } catch (error) {
    context.signal.throwIfAborted();
    const transport = transportOf(context, host);
    const before = written ? await transport.readFile(`${path}${backupSuffix}`) : undefined;
    if (before !== undefined) {
      await transport.writeFile(path, before, { mode, owner, group });
      await systemdOf(context, host).reloadOrRestart(service, patience(context));
    }
    const facts = { host: host.name, program, restored: before !== undefined };
    throw WarrenError.of('RELOAD_FAILED', facts, {
      where: host.name,
      why: (error as Error).message,
      cause: error,
    });
  }
}
