import type { ClusterFile } from '../cluster-file/cluster-file.js';
import type { FrontEnd } from '../cluster-file/front-end.js';
import { hostsOf } from '../cluster-file/hosts.js';
import { resolveSecret } from '../cluster-file/resolve-secret.js';
import { type Secret, SecretText } from '../cluster-file/secret.js';
import { WarrenError } from '../errors/warren-error.js';
import { checkScriptFile, haproxyFile, haproxyLimits, keepalivedFile } from '../render/balancer-files.js';
import { brokerFiles } from '../render/broker-files.js';
import { hostsBlock, hostsFile } from '../render/hosts-file.js';
import { publicFile, type RenderedFile } from '../render/rendered-file.js';

/**
 * What apply would write on the hosts, without touching one. So two things are
 * not known: a password that is still to be generated, and a network interface
 * that is found on its host.
 */
export interface RenderOptions {
  readonly what: RenderKind;
  readonly file: ClusterFile;
  readonly host?: string | undefined;
  /** Whether passwords are put in, or stars. */
  readonly secrets: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type RenderKind = 'haproxy' | 'keepalived' | 'check-script' | 'rabbitmq-conf' | 'hosts';

export interface RenderResult {
  readonly cluster: string;
  readonly files: readonly (RenderedFile & { readonly host: string })[];
  /** What apply will put in another way. */
  readonly notes: readonly string[];
}

type Writer = (options: RenderOptions, words: Words) => Promise<Map<string, RenderedFile[]>>;

const writers: Record<RenderKind, Writer> = {
  haproxy,
  keepalived,
  'check-script': checkScript,
  'rabbitmq-conf': rabbitmqConf,
  hosts,
};

/** Used where the interface is to be found on the host. */
const someInterface = 'eth0';

export async function render(options: RenderOptions): Promise<RenderResult> {
  const words = new Words(options);
  const rendered = await writers[options.what](options, words);
  const { host: only, file } = options;
  if (only !== undefined && !rendered.has(only)) {
    throw WarrenError.of('NOTHING_TO_RENDER', {
      what: options.what,
      host: only,
      known: [...rendered.keys()],
    });
  }
  const files = [...rendered]
    .filter(([host]) => only === undefined || host === only)
    .flatMap(([host, list]) => list.map((one) => ({ host, ...one })));
  return { cluster: file.name, files, notes: [...words.notes] };
}

/** The values of secrets, or stars in their place. */
class Words {
  readonly notes = new Set<string>();
  constructor(private readonly options: RenderOptions) {}

  async secret(secret: Secret, what: string): Promise<SecretText> {
    const hidden = new SecretText('***');
    if (secret.from === 'generate') {
      this.notes.add(`${what}: *** (generated at the first apply)`);
      return hidden;
    }
    if (!this.options.secrets) {
      this.notes.add(`${what}: *** (--secrets puts it in)`);
      return hidden;
    }
    const { env } = this.options;
    return resolveSecret(secret, { key: what, what }, { env, generated: async () => hidden });
  }
}

async function haproxy({ file }: RenderOptions, words: Words) {
  const frontEnd = frontEndOf(file);
  const [write, limits] = [await haproxyFile(file, frontEnd), await haproxyLimits(frontEnd)];
  const passwords = {
    checkPassword: await words.secret(frontEnd.haproxy.check_password, 'check_password'),
    statsPassword: await words.secret(frontEnd.haproxy.stats_password, 'stats_password'),
  };
  return eachBalancer(frontEnd, async (host) => [await write({ host, ...passwords }), limits]);
}

async function keepalived({ file }: RenderOptions, words: Words) {
  const frontEnd = frontEndOf(file);
  const write = await keepalivedFile(file, frontEnd);
  const { auth_pass: password } = frontEnd;
  const authPass = password && (await words.secret(password, 'auth_pass'));
  return eachBalancer(frontEnd, async (host) => {
    if (!host.interface) words.notes.add(`interface: ${someInterface} (apply finds it on the host)`);
    return [await write({ host, interface: host.interface ?? someInterface, authPass })];
  });
}

async function checkScript({ file }: RenderOptions) {
  const frontEnd = frontEndOf(file);
  const script = await checkScriptFile(frontEnd);
  return eachBalancer(frontEnd, async () => [script]);
}

async function rabbitmqConf({ file }: RenderOptions, words: Words) {
  if (file.rabbitmq.tls) words.notes.add('/etc/rabbitmq/tls: apply copies certificates and keys there');
  const write = await brokerFiles(file);
  const nodes = (file.nodes ?? []).filter(({ address }) => address !== undefined);
  const rendered = new Map<string, RenderedFile[]>();
  for (const node of nodes) rendered.set(node.name, await write(node));
  return rendered;
}

/** As the file is on a host that had nothing in it. */
async function hosts({ file }: RenderOptions) {
  const text = hostsFile('127.0.0.1 localhost\n::1 localhost\n', await hostsBlock(file), file);
  return new Map(hostsOf(file).map(({ name }) => [name, [publicFile('/etc/hosts', text)]]));
}

async function eachBalancer(
  { hosts: balancers }: FrontEnd,
  work: (host: FrontEnd['hosts'][number]) => Promise<RenderedFile[]>,
): Promise<Map<string, RenderedFile[]>> {
  const rendered = new Map<string, RenderedFile[]>();
  for (const host of balancers) rendered.set(host.name, await work(host));
  return rendered;
}

function frontEndOf(file: ClusterFile): FrontEnd {
  if (file.front_end) return file.front_end;
  throw WarrenError.of('NO_FRONT_END', { file: file.file });
}
