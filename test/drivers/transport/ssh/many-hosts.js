/**
 * Simulated hosts: SSH servers on free ports of loopback that know one command, `facts NAME`,
 * which they answer without running anything. Sends its ports to the process that forked it.
 */
import ssh2 from 'ssh2';

const count = Number(process.argv[2]);
const key = ssh2.utils.generateKeyPairSync('ed25519').private;
const ports = await Promise.all(Array.from({ length: count }, listen));
process.send(ports);
process.once('disconnect', () => process.exit());

async function listen() {
  const server = new ssh2.Server({ hostKeys: [key] }, (connection) => {
    connection.setNoDelay(true);
    connection.on('error', () => {});
    connection.on('authentication', (attempt) => attempt.accept());
    connection.on('session', (accept) =>
      accept().on('exec', (run, _reject, { command }) => answer(run(), command)),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

/** As the shell that Warren starts would speak: its process id, then that the command goes, then its output. */
function answer(channel, line) {
  const mark = /echo ([0-9a-f]+):/.exec(line)[1];
  channel.stderr.write(`${mark}:4711\n`);
  let script = '';
  channel.on('data', (chunk) => {
    script += chunk;
    const [, name] = /exec facts (\S+)\n/.exec(script) ?? [];
    if (!name) return;
    channel.stderr.write(`${mark}-go\n`);
    channel.write(`${mark}-go\n${name} ${'facts '.repeat(2000)}`);
    channel.exit(0);
    channel.end();
    channel.close();
  });
}
