import type { Transport } from '../transport/transport.js';
import { untilUnlocked, type Wording } from './failure.js';
import type { InstallOptions, LockPatience, Packages, WantedPackage } from './packages.js';

/**
 * apt and dpkg, on Debian and its kin. Their packages start services as they are
 * installed, unless /usr/sbin/policy-rc.d says no (invoke-rc.d(8)); one that says
 * no is there during an installation, and is gone after it whatever becomes of
 * the installation. The administrator's own is left alone. One that was left
 * behind by a host that lost its power carries our mark, and is taken as ours.
 */
export class AptPackages implements Packages {
  readonly #host: Transport;
  readonly #lock: LockPatience;

  constructor(host: Transport, lock: LockPatience) {
    this.#host = host;
    this.#lock = lock;
  }

  async installed(names: readonly string[]): Promise<Map<string, string>> {
    const args = ['-W', '-f=$' + '{Package}\t$' + '{db:Status-Abbrev}\t$' + '{Version}\n', '--', ...names];
    const { stdout } = await this.#host.run('dpkg-query', args, { env, readOnly: true });
    const rows = stdout.split('\n').map((line) => line.split('\t'));
    return new Map(
      rows.flatMap(([name, state, version]) => (state?.startsWith('ii') ? [[name!, version!]] : [])),
    );
  }

  async candidates(names: readonly string[]): Promise<Map<string, string>> {
    const { stdout } = await this.#host.run('apt-cache', ['policy', '--', ...names], { env, readOnly: true });
    const found = stdout.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (\S+)$/gm);
    return new Map(
      [...found].flatMap(([, name, version]) => (version === '(none)' ? [] : [[name!, version!]])),
    );
  }

  async versions(name: string): Promise<string[]> {
    const { stdout } = await this.#host.run('apt-cache', ['madison', '--', name], { env, readOnly: true });
    const found = stdout.split('\n').map((line) => line.split('|').map((word) => word.trim()));
    return [...new Set(found.flatMap(([own, version]) => (own === name && version ? [version] : [])))];
  }

  refresh(options: InstallOptions = {}): Promise<void> {
    return this.#change('apt-get update', ['-c', updateScript, 'sh'], options);
  }

  install(wanted: readonly WantedPackage[], options: InstallOptions = {}): Promise<void> {
    const words = wanted.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`));
    return this.#change(
      `apt-get install ${words.join(' ')}`,
      ['-c', installScript, 'sh', '/usr/sbin/policy-rc.d', ...words],
      options,
    );
  }

  #change(doing: string, args: readonly string[], options: InstallOptions): Promise<void> {
    return untilUnlocked(this.#host.host, doing, wording, this.#lock, options, () =>
      this.#host.run('sh', args, { env, ...(options.signal ? { signal: options.signal } : {}) }),
    );
  }
}

const env = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LC_ALL: 'C',
  DEBIAN_FRONTEND: 'noninteractive',
  APT_LISTCHANGES_FRONTEND: 'none',
  NEEDRESTART_SUSPEND: '1',
};

/**
 * Its output goes to a file first: a connection that breaks must not break a
 * half-done installation off (SIGPIPE).
 */
const quietly = `
said=$(mktemp)
trap 'rm -f "$said"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
end() { tail -c 20000 "$said"; exit "$1"; }
`;

const updateScript = `${quietly}
apt-get update -q >"$said" 2>&1
end $?
`;

/**
 * Words: the place of policy-rc.d, then what to install. An installation that was broken off
 * before is brought to its end first, as far as it goes without what it had not got
 * to; apt gets that then. Nothing is removed for it.
 */
export const installScript = `${quietly}
policy=$1
shift
mark='# by warren, for as long as packages are being installed'
if [ ! -e "$policy" ] || grep -qxF "$mark" "$policy"; then
  trap 'rm -f "$said" "$policy"' EXIT
  { printf '%s\\n' '#!/bin/sh' "$mark" 'exit 101' >"$policy.warren" && chmod 755 "$policy.warren" &&
    mv -f "$policy.warren" "$policy"; } >"$said" 2>&1 || end 1
fi
dpkg --configure -a --force-confdef --force-confold >"$said" 2>&1
status=$?
if grep -q 'locked by' "$said"; then end $status; fi
install() {
  apt-get install -y -q --no-remove --no-install-recommends \\
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" >>"$said" 2>&1
}
if [ $status -ne 0 ]; then install --fix-broken || end $?; fi
install -- "$@"
end $?
`;

const wording: Wording = {
  locked:
    /(?:Could not get|Unable to acquire|Unable to lock)[^\n]*?lock(?:[^\n]*It is held by (process \d+ \([^)]*\)))?|locked by (another process(?: with pid \d+)?)/,
  noSpace: /No space left on device|enough free space/,
  notFound:
    /(?:Unable to locate package|Couldn't find any package by \S+) '?([^\s']+)|Version '[^']*' for '([^']+)' was not found/,
  complaint: /^(E:|dpkg: error|W: Failed)/,
};
