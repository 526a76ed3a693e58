import { describe } from 'vitest';
import { contentHeader, frame, method } from '../codec.js';
import { everyType, headersFrame, table } from '../field-tables.js';
import { twin } from '../twin.js';

describe('content', () => {
  for (const entry of everyType) {
    twin(`a header of type ${entry[0]} passes unchanged`, async (t) => {
      const raw = await t.rawChannel();
      raw.method('QueueDeclare', 1, { queue: 'q', arguments: {} });
      await raw.until('QueueDeclareOk');
      raw.send(
        method('BasicPublish', 1, { exchange: '', routingKey: 'q' }),
        headersFrame(1, table(entry)),
        frame(3, 1, Buffer.from('x')),
      );
      raw.method('BasicGet', 1, { queue: 'q', noAck: true });
      await raw.until('body', 'BasicGetEmpty', 'ConnectionClose');
    });
  }

  twin('an array of mixed values in a header', async (t) => {
    const ch = await t.channel();
    await ch.assertQueue('q');
    ch.publish('', 'q', 'x', { headers: { list: [1, 'two', true, null, { three: 3 }, [4.5]] } });
    await ch.events();
    await ch.get('q');
  });

  twin('a header of an unknown type closes the connection', async (t) => {
    const raw = await t.rawChannel();
    raw.method('QueueDeclare', 1, { queue: 'q', arguments: {} });
    await raw.until('QueueDeclareOk');
    raw.send(
      method('BasicPublish', 1, { exchange: '', routingKey: 'q', mandatory: true }),
      headersFrame(1, table(['odd', 'Z', '00'])),
      frame(3, 1, Buffer.from('x')),
    );
    raw.method('BasicGet', 1, { queue: 'q', noAck: true });
    await raw.until('body', 'BasicGetEmpty', 'ConnectionClose');
  });

  for (const size of [0, 1, 4088, 4096, 131_064, 131_065, 1_000_000]) {
    twin(`a body of ${size} bytes`, async (t) => {
      const ch = await t.channel();
      await ch.assertQueue('q');
      ch.publish('', 'q', Buffer.alloc(size, 'warren '));
      await ch.events();
      await ch.get('q', { noAck: true });
    });
  }

  twin('a body in many small frames, read in frames of the smallest size', async (t) => {
    const body = Buffer.alloc(10_000, 'abcdefg');
    const writer = await t.rawChannel();
    writer.method('QueueDeclare', 1, { queue: 'q', arguments: {} });
    await writer.until('QueueDeclareOk');
    writer.publish(1, { exchange: '', routingKey: 'q' }, body, {}, 7);
    await writer.rest();
    const reader = await t.raw();
    await reader.handshake(t.vhost, { frameMax: 4096 });
    await reader.openChannel(1);
    reader.method('BasicGet', 1, { queue: 'q', noAck: true });
    await reader.until('body');
    await reader.rest();
  });

  twin('a body without a header', async (t) => {
    const raw = await t.rawChannel();
    raw.send(method('BasicPublish', 1, { exchange: '', routingKey: 'q' }), frame(3, 1, Buffer.from('x')));
    await raw.until('ConnectionClose', 'ChannelClose');
  });

  twin('a header without a publish', async (t) => {
    const raw = await t.rawChannel();
    raw.send(contentHeader(1, 3));
    await raw.until('ConnectionClose', 'ChannelClose');
  });

  twin('a body without a publish', async (t) => {
    const raw = await t.rawChannel();
    raw.send(frame(3, 1, Buffer.from('x')));
    await raw.until('ConnectionClose', 'ChannelClose');
  });

  twin('a method in the middle of a content', async (t) => {
    const raw = await t.rawChannel();
    raw.send(
      method('BasicPublish', 1, { exchange: '', routingKey: 'q' }),
      contentHeader(1, 3),
      method('BasicQos', 1, { prefetchSize: 0, prefetchCount: 1, global: false }),
    );
    await raw.until('ConnectionClose', 'ChannelClose');
  });

  twin('a header of another class', async (t) => {
    const raw = await t.rawChannel();
    const head = Buffer.alloc(14);
    head.writeUInt16BE(50, 0);
    raw.send(method('BasicPublish', 1, { exchange: '', routingKey: 'q' }), frame(2, 1, head));
    await raw.until('ConnectionClose', 'ChannelClose');
  });
});
