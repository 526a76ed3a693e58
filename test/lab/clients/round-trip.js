/** A message published with a confirm and consumed again; prints it: round-trip.js URL QUEUE TEXT */
import { once } from 'node:events';
import { connect } from 'amqplib';

const [url, queue, text] = process.argv.slice(2);
const connection = await connect(url);
const channel = await connection.createConfirmChannel();
await channel.assertQueue(queue, { durable: true });
channel.sendToQueue(queue, Buffer.from(text), { persistent: true });
await channel.waitForConfirms();
const received = once(process, 'received');
await channel.consume(queue, (message) => {
  if (!message) return;
  channel.ack(message);
  process.emit('received', message.content.toString());
});
console.log((await received)[0]);
await channel.deleteQueue(queue);
await connection.close();
