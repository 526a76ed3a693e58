/** The publishing end of the throughput bench: connects, waits for its start, publishes, ends. */
import { once } from 'node:events';
import { connect } from 'amqplib';

const [url, queue, size, count] = process.argv.slice(2);
const connection = await connect(url);
const channel = await connection.createChannel();
const body = Buffer.alloc(Number(size), 'w');
process.send('ready');
await once(process, 'message');
for (let number = 0; number < Number(count); number += 1) {
  if (!channel.sendToQueue(queue, body)) await once(channel, 'drain');
}
await channel.close();
await connection.close();
process.disconnect();
