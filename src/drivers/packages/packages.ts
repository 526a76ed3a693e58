import { WarrenError } from '../../errors/warren-error.js';
import type { Transport } from '../transport/transport.js';
import { AptPackages } from './apt.js';
import { RpmPackages } from './rpm.js';

/** A package by its name, at a version where it matters which. */
export interface WantedPackage {
  readonly name: string;
  readonly version?: string;
}

export interface InstallOptions {
  readonly signal?: AbortSignal;
  /** Told in a sentence who is being waited for, each time it is somebody else. */
  readonly waiting?: (sentence: string) => void;
}

/** The packages of one host, by the tool that its system has. */
export interface Packages {
  /** The versions of those that are installed. */
  installed(names: readonly string[]): Promise<Map<string, string>>;
  /** The versions that would be installed now; a name that is not known is not in it. */
  candidates(names: readonly string[]): Promise<Map<string, string>>;
  /** Every version that is to be had, the newest first. */
  versions(name: string): Promise<string[]>;
  /** Reads anew what the repositories have. */
  refresh(options?: InstallOptions): Promise<void>;
  /** Installs them; no service of theirs is started by that. */
  install(wanted: readonly WantedPackage[], options?: InstallOptions): Promise<void>;
}

/** How long somebody else may hold the lock of the package tool, and how often that is looked at. */
export interface LockPatience {
  readonly waitMs: number;
  readonly pauseMs: number;
}

const patience: LockPatience = { waitMs: 300_000, pauseMs: 2_000 };

/** The package tool that fits what the host says of itself (os-release(5)). */
export async function packagesOf(host: Transport, lockPatience: LockPatience = patience): Promise<Packages> {
  const release =
    (await host.readFile('/etc/os-release')) ?? (await host.readFile('/usr/lib/os-release')) ?? '';
  const words = new Map(release.split('\n').map((line) => [line.split('=')[0]!, valueIn(line)]));
  const kin = [words.get('ID'), ...(words.get('ID_LIKE') ?? '').split(' ')];
  if (kin.some((id) => id === 'debian' || id === 'ubuntu')) return new AptPackages(host, lockPatience);
  if (kin.some((id) => id === 'rhel' || id === 'fedora' || id === 'centos')) {
    const { status } = await host.run('sh', ['-c', 'command -v dnf'], { readOnly: true });
    return new RpmPackages(host, status === 0 ? 'dnf' : 'yum', lockPatience);
  }
  const system = words.get('PRETTY_NAME') ?? words.get('ID') ?? 'a system without an os-release file';
  throw WarrenError.of('SYSTEM_UNKNOWN', { host: host.host, system });
}

function valueIn(line: string): string {
  return line.slice(line.indexOf('=') + 1).replace(/^(["'])(.*)\1$/, '$2');
}
