/**
 * Simulated hosts: SSH servers at 127.1.0.1, 127.1.0.2, … on free ports, which run nothing.
 * They know two commands: `facts NAME`, and the script that looks at a host, read from
 * standard input; to any other they answer nothing, successfully. Sends its ports to the
 * process that forked it.
 */
import ssh2 from 'ssh2';

const count = Number(process.argv[2]);
const key = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
const ports = await Promise.all(Array.from({ length: count }, (_, at) => listen(at)));
process.send(ports);
process.once('disconnect', () => process.exit());

async function listen(at) {
  const server = new ssh2.Server({ hostKeys: [key] }, (connection) => {
    connection.setNoDelay(true);
    connection.on('error', () => {});
    connection.on('authentication', (attempt) => attempt.accept());
    connection.on('session', (accept) =>
      accept().on('exec', (run, _reject, { command }) => answer(run(), command, at)),
    );
  });
  await new Promise((resolve) => server.listen(0, `127.1.0.${at + 1}`, resolve));
  return server.address().port;
}

/** As the shell that Warren starts would speak: its process id, then that the command goes, then its output. */
function answer(channel, line, at) {
  const mark = /echo ([0-9a-f]+):/.exec(line)[1];
  channel.stderr.write(`${mark}:4711\n`);
  let script = '';
  let goes = false;
  channel.on('data', (chunk) => {
    script += chunk;
    if (goes || !/exec [^\n]+\n$/.test(script)) return;
    goes = true;
    channel.stderr.write(`${mark}-go\n`);
    channel.write(`${mark}-go\n`);
  });
  channel.on('end', () => {
    channel.write(output(/exec ([^\n]+)\n/.exec(script)[1], at));
    channel.exit(0);
    channel.end();
    channel.close();
  });
}

function output(command, at) {
  const [program, name] = command.split(' ');
  if (program === 'facts') return `${name} ${'facts '.repeat(2000)}`;
  return command === 'sh -s' ? blankHost(at) : '';
}

/** What a blank host says of itself, in the words of templates/host-facts.sh. */
function blankHost(at) {
  const service =
    'LoadState=not-found ActiveState=inactive SubState=dead UnitFileState= LimitNOFILE=524288 MainPID=0';
  const names = Array.from(
    { length: count },
    (_, other) => `resolves\tserver${other + 1} 127.1.0.${other + 1}`,
  );
  return `${names.join('\n')}
now\t${Date.now() / 1000}
name\tserver${at + 1}
user\t0
os\tdebian|12||Debian GNU/Linux 12 (bookworm)
systemd\tyes
memory\t4030000
disk\t20000000 /
address\tlo 127.0.0.1/8
address\teth0 127.1.0.${at + 1}/24
interface\tlo
interface\teth0
package\tcurl 7.88.1-10 installed
service\tId=rabbitmq-server.service ${service}
service\tId=haproxy.service ${service}
service\tId=keepalived.service ${service}
end\tyes
`;
}
