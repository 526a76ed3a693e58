/** Publishes numbers with confirms until it is stopped, through reconnections, and remembers which were confirmed. */
import { connect } from 'amqplib';

export class Load {
  published = 0;
  confirmed = [];
  #stopped = false;

  constructor(url, queue) {
    this.url = url;
    this.queue = queue;
  }

  /** Where it is declared, there it is led. */
  async declare(url) {
    const connection = await connect(url);
    const channel = await connection.createChannel();
    await channel.assertQueue(this.queue, { durable: true });
    await connection.close();
  }

  stop() {
    this.#stopped = true;
  }

  async run() {
    const connection = await connect(this.url);
    const channel = await connection.createConfirmChannel();
    connection.on('error', () => {});
    channel.on('error', () => {});
    let open = true;
    channel.on('close', () => {
      open = false;
    });
    while (!this.#stopped && open) {
      for (let burst = 0; burst < 50 && open; burst += 1) this.#publish(channel);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (open)
      await Promise.race([
        channel.waitForConfirms().catch(() => {}),
        new Promise((r) => setTimeout(r, 10_000)),
      ]);
    await connection.close().catch(() => {});
  }

  #publish(channel) {
    const number = this.published;
    this.published += 1;
    try {
      channel.sendToQueue(this.queue, Buffer.from(String(number)), { persistent: true }, (error) => {
        if (!error) this.confirmed.push(number);
      });
    } catch {
      // The channel has just closed; this number was never sent.
    }
  }

  /** Everything that is in the queue, in its order. */
  async readAll() {
    const connection = await connect(this.url);
    const channel = await connection.createChannel();
    const numbers = [];
    for (let message = await channel.get(this.queue, { noAck: true }); message; ) {
      numbers.push(Number(message.content.toString()));
      message = await channel.get(this.queue, { noAck: true });
    }
    await channel.deleteQueue(this.queue);
    await connection.close();
    return numbers;
  }
}
