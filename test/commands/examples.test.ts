import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Config } from '@oclif/core/config';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inProcess, wordsOf } from './in-process.js';
import { linkExamples } from './link-examples.js';
import { freeBase, Warren } from './warren.js';

/** Those that operate the broker, while three nodes run. */
const operating = [
  'warren queue declare orders',
  'warren queue declare payments --type quorum',
  'warren queue declare recent --argument x-message-ttl=60000 --argument x-max-length=1000',
  'warren queue list',
  'warren queue list --sort messages --reverse --limit 10',
  "warren queue list --filter '^orders' --columns name,messages,publish,mirrors",
  'warren queue list --vhost / --csv',
  'warren queue show orders',
  'warren queue members orders',
  'warren queue rebalance',
  'warren queue purge orders --yes',
  'warren queue delete recent --yes',
  'warren queue delete payments --if-empty --if-unused --yes',
  'echo "s3cret" | warren user add app --password-stdin',
  'warren user add operator --tags administrator --password generate',
  'OPS=s3cret warren user add viewer --tags monitoring --password env:OPS',
  'warren user add device --without-password',
  'warren user list',
  'warren user list --columns name,tags --sort name --csv',
  'echo "n3w" | warren user password app --password-stdin',
  'warren user tags app management,policymaker',
  'warren user tags viewer',
  'warren user limit app max-connections=100 max-channels=1000',
  'warren user limit app max-channels=',
  'warren user show app',
  "warren vhost add shop --description 'Orders of the shop'",
  'warren vhost limit shop max-queues=50 max-connections=100',
  'warren vhost list',
  'warren permission set app',
  "warren permission set app --vhost shop --configure '' --write '^orders' --read '.*'",
  "warren permission set app --exchange amq.topic --write '^sensors'",
  'warren permission show app',
  'warren permission list',
  'warren permission list --user app',
  'warren permission list --topic',
  'warren permission clear app --topic --yes',
  'warren permission clear app --yes',
  "warren policy set short '^tmp' message-ttl=60000 max-length=1000 --apply-to queues",
  "warren policy set cap '.*' max-length=100000 --operator --apply-to queues",
  'warren policy list',
  'warren policy list --operator',
  'warren policy delete short --yes',
  'warren policy delete cap --operator --yes',
  'warren ha set --replicas 2 --sync automatic',
  'warren ha set',
  'warren ha status',
  'warren ha clear --yes',
  'warren plugin list',
  'warren plugin list --all',
  'warren plugin enable rabbitmq_random_exchange',
  'warren plugin disable rabbitmq_random_exchange --yes',
  'warren exchange declare events --type topic',
  'warren exchange declare lost --type fanout --argument alternate-exchange=amq.fanout',
  'warren exchange list --vhost /',
  "warren exchange list --filter '^(?!amq)' --columns name,type,in,out",
  "warren binding add events orders --routing-key 'order.#'",
  'warren binding list',
  'warren binding list --filter events',
  "warren binding delete events orders --routing-key 'order.#' --yes",
  'warren exchange delete events --yes',
  'warren connection list',
  'warren connection list --vhost / --columns name,user,peer_host,received,sent',
  "warren connection close --user app --reason 'maintenance at noon' --yes",
  'warren channel list',
  'warren channel list --vhost /',
  'warren consumer list',
  'warren consumer list --vhost /',
  'warren node list',
  'warren node list --columns name,running,memory,plugins',
  'warren parameter list',
  `warren parameter set where '{"rack":7}' --global`,
  'warren parameter list --global',
  'warren parameter delete where --global --yes',
  'warren feature-flag list',
  'warren feature-flag enable all --yes',
  'warren definitions export --out definitions.json',
  'warren definitions export --vhost / > slash.json',
  'warren definitions diff definitions.json',
  'warren definitions import definitions.json --yes',
  'warren delay orders-in-10s --for 10s --to orders',
  'warren get orders',
  'warren get orders --count 10 --json',
  'warren user delete viewer --yes',
  'warren vhost delete shop --yes',
];

/** Every example of every command's help, in an order in which a user could type them one after the other. */
const story = [
  'warren help',
  'warren help queue list',
  'warren autocomplete',
  'warren autocomplete bash',
  'warren autocomplete zsh',
  'warren autocomplete powershell',
  'warren autocomplete --refresh-cache',
  'warren up',
  'warren up --verify --json',
  'warren ps',
  'warren ps --json',
  'eval "$(warren env)"',
  'warren env --node 2',
  'warren publish --queue hello "Hello"',
  'warren consume --queue hello --count 1',
  'echo "from a pipe" | warren publish --queue hello',
  'warren publish --queue hello --header origin=shell --count 100 "Hello again"',
  'warren publish --exchange amq.topic --routing-key kern.critical "no queue takes this" || true',
  'warren consume --queue hello --timeout 1 --json',
  'warren rpc --queue hello "How much is ham?" --timeout 1 || test $? = 75',
  'echo "spam" | warren rpc --exchange amq.topic --routing-key prices.get --json || test $? = 69',
  'warren tap amq.topic --timeout 2',
  "warren tap amq.topic --routing-key 'kern.#' --header origin=shell --timeout 2",
  "warren tap amq.fanout --body 'Hel+o' --json --timeout 2",
  'warren status',
  'warren status --json',
  'warren render prometheus > warren-rules.yml',
  'warren render prometheus --rules alerts.yaml',
  'warren render zabbix > rabbitmq-by-warren.yaml',
  'warren render zabbix --sender > rabbitmq-by-warren.yaml',
  'warren backlog',
  'warren backlog --over 1 --json',
  'warren top',
  'warren top --sort growth',
  'warren top --json',
  'warren metrics',
  'warren metrics --zabbix --host rabbitmq',
  'warren metrics --json',
  'warren monitor --once',
  'warren monitor --once --json',
  'warren health',
  'warren health --nagios',
  'warren health --json',
  'warren health --rules alerts.yaml',
  'warren trace on',
  'warren trace on --for 5m',
  'warren trace status',
  'warren trace status --json',
  'warren trace off',
  'warren trace expire',
  'warren trace tail --timeout 2',
  "warren trace tail --queue hello --body 'Hel+o' --json --timeout 2",
  "warren trace tail --exchange amq.topic --routing-key '^kern' --header origin=shell --timeout 2",
  'eval "$(warren env)"; rabbitmq-plugins enable rabbitmq_tracing; warren trace add mine',
  "warren trace add published --pattern 'publish.#' --format json --max-payload-bytes 100",
  'warren trace list',
  'warren trace list --json',
  'warren trace log mine',
  'warren trace log mine.log --node 1',
  'warren trace remove mine',
  'warren logs',
  'warren logs --node 2 --lines 5',
  'warren import --file imported.yaml',
  'warren import --cluster rabbit --file with-hashes.yaml --password-hashes hashes',
  ...operating,
  'warren node stop 2',
  'warren node start 2',
  'warren node restart 2',
  'warren node pause 2',
  'warren node resume 2',
  'warren node kill 2',
  'warren node forget 2 --yes',
  'warren node reset 2 --yes',
  'warren node start 2',
  'warren node remove 3 --yes',
  'warren node add',
  'warren node add spare --alone',
  'warren node join spare --yes',
  'warren down',
  'warren up --nodes 1 --name blue --port-base 6672',
  'warren down --cluster blue --purge',
  'warren schema > warren.schema.json',
  'warren init root@192.0.2.101 root@192.0.2.102 root@192.0.2.103 --file three.yaml',
  'warren init mq1 mq2 mq3 --balancer lb1 --balancer lb2 --vip 192.0.2.110 --file five.yaml',
  'warren init admin@mq1:2222 admin@mq2:2222 admin@mq3:2222 --profile mirrored -f mirrored.yaml',
  'warren init n1 n2 n3 --name north --profile federated --upstream south=10.2.0.30 -f north.yaml',
  'warren render haproxy --file warren.yaml',
  'warren render haproxy --host server4',
  'warren render haproxy --out rendered --secrets',
  'warren render keepalived --file warren.yaml',
  'warren render keepalived --out rendered',
  'warren render check-script --host server4',
  'warren render rabbitmq-conf --host server1',
  'warren render rabbitmq-conf --out rendered',
  'warren render hosts --host server1',
  'warren lb lint haproxy.cfg',
  'warren lb lint haproxy.cfg server4/keepalived.conf server5/keepalived.conf check-haproxy.sh',
  'warren lb lint haproxy.cfg --fail-on error --json',
];

/** Those that go on until they are ended, and what is not on this machine; test/operations/monitor.test.ts has their like. */
const endless = [
  'warren monitor --rules alerts.yaml',
  'warren monitor --url http://monitor:secret@192.0.2.101:15672 --ndjson',
  'warren backlog --url http://guest:guest@192.0.2.101:15672',
  'warren dashboard',
  'warren dashboard --cluster warren.yaml --open',
  'warren dashboard --url http://admin:secret@mq1:15672 --port 8080',
];

/** Those that change hosts, which the stories of test/lab type. */
const onHosts = [
  'warren check',
  'warren check --file five-hosts.yaml --json',
  'warren plan',
  'warren plan --file five-hosts.yaml --detailed-exitcode --json',
  'warren apply',
  'warren apply --file five-hosts.yaml --yes',
  'warren apply --only names,configuration --limit server2',
  'warren apply --dry-run',
  'warren audit',
  'warren audit --hosts --last 1 --file five-hosts.yaml',
  'warren lb deploy',
  'warren lb deploy --limit server4 --yes',
  'warren lb status',
  'warren lb status --json',
  'warren lb drill',
  'warren lb drill --yes --json',
  'warren node add server4 --cluster warren.yaml --dry-run',
  'warren node remove server4 --cluster warren.yaml --dry-run',
  'warren node replace server2 --cluster warren.yaml --dry-run',
  'warren node reset server2 --cluster warren.yaml --dry-run',
  'warren node forget server2 --cluster warren.yaml --dry-run',
  'warren node join server3 --cluster warren.yaml --dry-run',
  'warren node leave server2 --cluster warren.yaml --dry-run',
  'warren node restart --cluster warren.yaml --dry-run',
  'warren node drain server2 --cluster warren.yaml --dry-run',
  'warren node revive server2 --cluster warren.yaml --dry-run',
  'warren cookie check --cluster warren.yaml',
  'warren cookie distribute --cluster warren.yaml --dry-run',
  'warren cookie distribute --from server2 --cluster warren.yaml --yes',
  'warren cookie rotate --cluster warren.yaml --dry-run',
  'warren status --cluster warren.yaml',
  'warren health --cluster warren.yaml || test $? -lt 3',
  'warren exec --cluster warren.yaml --dry-run -- uptime',
  "warren exec --cluster warren.yaml --role broker --dry-run -- sh -c 'rabbitmqctl --quiet list_queues | wc -l'",
  'warren logs --cluster warren.yaml --node server1 --since 10m',
  'warren destroy --cluster warren.yaml --dry-run',
  'warren destroy --cluster five-hosts.yaml --purge --confirm notes',
];

/** What the examples on hosts find where they are typed. */
const clusterFile = `name: notes
nodes:
  - { name: server1, address: 192.0.2.101 }
  - { name: server2, address: 192.0.2.102 }
  - { name: server3, address: 192.0.2.103 }
front_end:
  hosts:
    - { name: server4, address: 192.0.2.104 }
    - { name: server5, address: 192.0.2.105 }
  virtual_addresses: [192.0.2.110]
`;

const root = fileURLToPath(new URL('../..', import.meta.url));
let warren: Warren;
let env: Record<string, string>;

beforeAll(async () => {
  warren = new Warren();
  const bin = path.join(warren.state, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'warren'), `#!/bin/sh\nexec node '${root}/bin/run.js' "$@"\n`);
  chmodSync(path.join(bin, 'warren'), 0o755);
  writeFileSync(path.join(warren.state, 'warren.yaml'), clusterFile);
  copyFileSync(path.join(root, 'examples/alerts.yaml'), path.join(warren.state, 'alerts.yaml'));
  await renderedBeside(warren);
  env = {
    PATH: `${bin}:${process.env.PATH}`,
    XDG_STATE_HOME: warren.state,
    // Names of nodes are registered here: `rabbit-1` may be somebody else's on this machine.
    XDG_RUNTIME_DIR: warren.state,
    XDG_CACHE_HOME: path.join(warren.state, 'cache'),
    SHELL: '/bin/bash',
    WARREN_PORT_BASE: String(await freeBase(5)),
  };
});

afterAll(() => warren.destroy());

/** The files of a front end that lint reads in the examples. */
async function renderedBeside({ state }: Warren): Promise<void> {
  const here = { cwd: state, env: { XDG_STATE_HOME: state } };
  for (const what of ['haproxy', 'keepalived', 'check-script']) {
    await execa(process.execPath, [path.join(root, 'bin/run.js'), 'render', what, '--out', '.'], here);
  }
  copyFileSync(path.join(state, 'server4/etc/haproxy/haproxy.cfg'), path.join(state, 'haproxy.cfg'));
  copyFileSync(
    path.join(state, 'server4/etc/keepalived/check-haproxy.sh'),
    path.join(state, 'check-haproxy.sh'),
  );
  for (const host of ['server4', 'server5']) {
    copyFileSync(
      path.join(state, host, 'etc/keepalived/keepalived.conf'),
      path.join(state, host, 'keepalived.conf'),
    );
  }
}

test('the story holds every example of every command', async () => {
  const config = await Config.load(root);
  const own = config.commands.filter(({ id }) => !id.startsWith('autocomplete:'));
  expect(own.length).toBeGreaterThan(15);
  for (const command of own) expect(command.examples?.length, command.id).toBeGreaterThan(0);
  const examples = own
    .flatMap((command) => command.examples ?? [])
    .map((example) => String(example).replace(/^\$ /, '').replaceAll('<%= config.bin %>', 'warren'));
  const known = [...story, ...linkExamples, ...onHosts, ...endless];
  expect([...new Set(known)].sort()).toEqual([...new Set(examples)].sort());
});

/** What needs a shell gets one; the others run in this process, which does not start Node for each. */
async function typed(line: string): Promise<{ exitCode: number | null | undefined; said: string }> {
  const [first, ...words] = wordsOf(line);
  if (operating.includes(line) && first === 'warren' && words[0] !== 'definitions') {
    const { status, stdout, stderr } = await inProcess(words, env);
    return { exitCode: status, said: `${stdout}\n${stderr}` };
  }
  const options = { cwd: warren.state, env, reject: false };
  const { exitCode, stdout, stderr } = await execa('sh', ['-c', line], options);
  return { exitCode, said: `${stdout}\n${stderr}` };
}

test.each(story.map((line, index) => [index + 1, line]))('%i. %s', async (_, line) => {
  const { exitCode, said } = await typed(String(line));
  expect(exitCode, said).toBe(0);
});
