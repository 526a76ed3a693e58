/** Takes every number out of a queue and prints them, as JSON, in their order: read-all.js URL QUEUE */
import { connect } from 'amqplib';

const [url, queue] = process.argv.slice(2);
const connection = await connect(url);
const channel = await connection.createChannel();
const numbers = [];
for (let left = await count(); left > 0; left = await count()) await take(left);
await connection.close();
console.log(JSON.stringify(numbers));

async function count() {
  return (await channel.checkQueue(queue)).messageCount;
}

function take(wanted) {
  return new Promise((resolve, reject) => {
    let left = wanted;
    const consuming = channel.consume(queue, (message) => {
      if (!message) return reject(new Error(`${queue} went away`));
      numbers.push(Number(message.content.toString()));
      channel.ack(message);
      left -= 1;
      if (left === 0) consuming.then(({ consumerTag }) => channel.cancel(consumerTag)).then(resolve, reject);
    });
  });
}
