import { entry } from './entry.js';
import { exitStatus as exit } from './exit-status.js';

/** What can go wrong with a host's packages and services. */
export const packageErrors = {
  SYSTEM_UNKNOWN: entry(
    exit.unavailable,
    (f: { host: string; system: string }) =>
      `${f.host} runs ${f.system}, whose packages warren does not know how to install`,
    () => 'install RabbitMQ on it yourself, then type the same again: what is installed is left as it is',
  ),
  PACKAGES_LOCKED: entry(
    exit.tryAgain,
    (f: { host: string; holder: string; seconds: number }) =>
      `packages on ${f.host} are being changed by somebody else (${f.holder}), for more than ${f.seconds} s`,
    () => 'wait for it to end, then type the same again',
  ),
  PACKAGE_NOT_FOUND: entry(
    exit.unavailable,
    (f: { host: string; packages: string }) => `${f.host} knows no package ${f.packages}`,
    () =>
      'see that its repository is set up on that host, or give another version or source in the cluster file',
  ),
  PACKAGES_NO_SPACE: entry(
    exit.cannotCreate,
    (f: { host: string; said: string }) => `${f.host} has no space left for packages: ${f.said}`,
    () => 'df -h on that host; make room, then type the same again',
  ),
  PACKAGES_FAILED: entry(
    exit.unavailable,
    (f: { host: string; doing: string; status: number; said: string }) =>
      `${f.doing} on ${f.host} failed with status ${f.status}: ${f.said}`,
    () => 'correct what the package tool complains of, then type the same again',
  ),
  UNIT_FAILED: entry(
    exit.unavailable,
    (f: { host: string; unit: string; verb: string; said: string }) =>
      `systemctl ${f.verb} ${f.unit} failed on ${f.host}: ${f.said}`,
    (f) => `journalctl -u ${f.unit} on ${f.host}, to see why`,
  ),
} as const;
