/**
 * Asks an address for AMQP, again and again, until its standard input ends: a new
 * connection every 50 ms, which is answered when it stands within a second, before the
 * kernel tries again, and the first byte of connection.start comes within five more: a
 * broker that is busy is no outage. Questions overlap, so one that waits in vain delays
 * no other.
 * Prints, as JSON, how often it asked, and when there was no answer: [from, until] in
 * milliseconds since the epoch, by the times of the questions.
 *   answers.js HOST PORT
 */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const [host, port] = process.argv.slice(2);
const questions = [];
let stopped = false;
process.stdin.resume();
once(process.stdin, 'end').then(() => {
  stopped = true;
});

console.error('asking');
while (!stopped) {
  questions.push(ask());
  await pause(50);
}
console.log(JSON.stringify({ asked: questions.length, outages: outagesIn(await Promise.all(questions)) }));

async function ask() {
  const time = Date.now();
  return { time, answered: await answers() };
}

function answers() {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port: Number(port) });
    const end = (answered) => {
      clearTimeout(patience);
      socket.destroy();
      resolve(answered);
    };
    let patience = setTimeout(end, 1_000, false);
    socket.once('connect', () => {
      clearTimeout(patience);
      patience = setTimeout(end, 5_000, false);
      socket.write('AMQP\0\0\x09\x01');
    });
    socket.once('data', ([first]) => end(first === 1));
    for (const event of ['error', 'close']) socket.once(event, () => end(false));
  });
}

function outagesIn(asked) {
  const outages = [];
  let since;
  for (const { time, answered } of asked) {
    if (!answered) since ??= time;
    else if (since !== undefined) {
      outages.push([since, time]);
      since = undefined;
    }
  }
  return since === undefined ? outages : [...outages, [since, Date.now()]];
}
