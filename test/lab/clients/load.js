/**
 * Publishes numbers with confirms, through reconnections, until its standard input
 * ends; then prints, as JSON, which were confirmed. A number whose confirm never came
 * is not published again: it may be in the queue or not.
 *   load.js URL QUEUE [MILLISECONDS BETWEEN MESSAGES]
 */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'amqplib';

const [url, queue, every = '5'] = process.argv.slice(2);
const confirmed = [];
let published = 0;
let connections = 0;
let stopped = false;
process.stdin.resume();
once(process.stdin, 'end').then(() => {
  stopped = true;
});

while (!stopped) await publishWhileOpen().catch(() => pause(50));
// Some hundred thousand characters: an exit before they are read would cut them off.
process.stdout.write(JSON.stringify({ published, confirmed, connections }), () => process.exit(0));

async function publishWhileOpen() {
  const connection = await connect(url, { timeout: 2_000 });
  connection.on('error', () => {});
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => {});
  await channel.assertQueue(queue, { durable: true });
  connections += 1;
  let open = true;
  channel.once('close', () => {
    open = false;
  });
  if (connections === 1) console.error('publishing');
  while (!stopped && open) {
    publish(channel);
    await pause(Number(every));
  }
  if (open) await Promise.race([channel.waitForConfirms().catch(() => {}), pause(10_000)]);
  await Promise.race([connection.close().catch(() => {}), pause(1_000)]);
}

function publish(channel) {
  const number = published;
  published += 1;
  try {
    channel.sendToQueue(queue, Buffer.from(String(number)), { persistent: true }, (error) => {
      if (!error) confirmed.push(number);
    });
  } catch {
    // The channel has just closed: this number was never sent.
  }
}
