/** Frames and methods that are not as they should be, or come when they should not: each on a channel that is open. */
import { contentHeader, frame, method } from '../codec.js';
import { fatal, octets } from '../steps.js';
import { twins } from '../twin.js';

const bytes = (hex: string) => Buffer.from(hex, 'hex');
/** A method by its ids, with arguments as they are. */
const ids = (classId: number, methodId: number, args = '', channel = 1) => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(classId, 0);
  head.writeUInt16BE(methodId, 2);
  return frame(1, channel, Buffer.concat([head, bytes(args)]));
};
const publish = method('BasicPublish', 1, { exchange: '', routingKey: 'nowhere' });
const body = (text: string, channel = 1) => frame(3, channel, Buffer.from(text));

twins('a frame that is none', {
  'a method without octets': octets(frame(1, 1, Buffer.alloc(0))),
  'a method of three octets': octets(frame(1, 1, bytes('003c00'))),
  'a method without octets on channel 0': octets(frame(1, 0, Buffer.alloc(0))),
  'a method of three octets on channel 0': octets(frame(1, 0, bytes('000a00'))),
  'a header of eleven octets': octets(publish, frame(2, 1, Buffer.alloc(11))),
  'a header without octets': octets(frame(2, 1, Buffer.alloc(0))),
  'a heartbeat with octets': octets(frame(8, 0, bytes('00'))),
  'a heartbeat with octets on a channel': octets(frame(8, 1, bytes('2a2a'))),
  'of type 0': octets(frame(0, 1, bytes('00'))),
  'of type 4, on channel 0': octets(frame(4, 0, Buffer.from('a longer text than sixteen octets'))),
  'of type 6, without octets': octets(frame(6, 1, Buffer.alloc(0))),
  'of type 255': octets(frame(255, 1, Buffer.from('text'))),
});

twins('a frame with another end', {
  'a header': octets(publish, frame(2, 1, Buffer.alloc(14), 0xcd)),
  'a body': octets(publish, contentHeader(1, 4), frame(3, 1, Buffer.from('body'), 0x00)),
  'a heartbeat': octets(frame(8, 0, Buffer.alloc(0), 0xff)),
  'a method on channel 0': octets(frame(1, 0, bytes('000a0032'), 0x01)),
  'an unknown type': octets(frame(9, 1, Buffer.from('x'), 0x0a)),
});

twins('a frame on a channel that does not fit', {
  'a header on channel 0': octets(frame(2, 0, Buffer.alloc(14))),
  'a body on channel 0': octets(body('text', 0)),
  'a body on a channel that is not open': fatal(body('text', 7)),
  'a header on a channel that is not open': fatal(frame(2, 7, Buffer.alloc(14))),
  'a channel number above channel_max': octets(method('ChannelOpen', 2048)),
  'the largest channel number': octets(method('ChannelOpen', 65_535)),
  'close of a channel that is not open': fatal(
    method('ChannelClose', 9, { replyCode: 200, replyText: '', classId: 0, methodId: 0 }),
  ),
  'close-ok of a channel that is not open': fatal(method('ChannelCloseOk', 9)),
  'close-ok that nobody waits for': octets(method('ChannelCloseOk', 1)),
  'open-ok': octets(method('ChannelOpenOk', 1)),
});

twins('content that does not fit', {
  'a second method for a body': octets(publish, contentHeader(1, 4), publish),
  'a second header': octets(publish, contentHeader(1, 4), contentHeader(1, 4)),
  'a second publish before the header': octets(publish, publish),
  'a close in the middle': octets(
    publish,
    method('ChannelClose', 1, { replyCode: 200, replyText: '', classId: 0, methodId: 0 }),
  ),
  'a header of class queue': octets(publish, frame(2, 1, bytes('0032000000000000000000000000'))),
  'a header with a weight': octets(publish, frame(2, 1, bytes('003c000100000000000000000000'))),
  'a size of nothing, and a body': octets(publish, contentHeader(1, 0), body('more')),
  'an empty body between two halves': octets(
    publish,
    contentHeader(1, 4),
    body('ha'),
    frame(3, 1, Buffer.alloc(0)),
    body('lf'),
  ),
  'heartbeats in between': octets(
    publish,
    frame(8, 0, Buffer.alloc(0)),
    contentHeader(1, 4),
    frame(8, 0, Buffer.alloc(0)),
    body('body'),
  ),
  // One answer after the other: what RabbitMQ says on two channels comes in any order.
  'methods of another channel in between': async (t) => {
    const raw = await t.rawChannel();
    raw.send(publish);
    await raw.ask('ChannelOpen', {}, 2);
    raw.send(contentHeader(1, 4));
    await raw.ask('BasicQos', {}, 2);
    raw.send(body('body'));
    await raw.ask('BasicQos');
  },
});

twins('a method of the server sent by the client', {
  'basic.deliver': octets(
    method('BasicDeliver', 1, {
      consumerTag: 'c',
      deliveryTag: 1,
      redelivered: false,
      exchange: '',
      routingKey: '',
    }),
    contentHeader(1, 0),
  ),
  'basic.return': octets(
    method('BasicReturn', 1, { replyCode: 312, replyText: '', exchange: '', routingKey: '' }),
    contentHeader(1, 0),
  ),
  'basic.get-ok': octets(
    method('BasicGetOk', 1, {
      deliveryTag: 1,
      redelivered: false,
      exchange: '',
      routingKey: '',
      messageCount: 0,
    }),
    contentHeader(1, 0),
  ),
  'basic.get-empty': octets(method('BasicGetEmpty', 1)),
  'basic.consume-ok': octets(method('BasicConsumeOk', 1, { consumerTag: 'c' })),
  'basic.cancel-ok': octets(method('BasicCancelOk', 1, { consumerTag: 'c' })),
  'basic.cancel': octets(method('BasicCancel', 1, { consumerTag: 'nosuch' })),
  'basic.qos-ok': octets(method('BasicQosOk', 1)),
  'basic.recover-ok': octets(method('BasicRecoverOk', 1)),
  'queue.bind-ok': octets(method('QueueBindOk', 1)),
  'queue.delete-ok': octets(method('QueueDeleteOk', 1, { messageCount: 0 })),
  'exchange.declare-ok': octets(method('ExchangeDeclareOk', 1)),
  'confirm.select-ok': octets(method('ConfirmSelectOk', 1)),
  'tx.select-ok': octets(method('TxSelectOk', 1)),
  'tx.commit-ok': octets(method('TxCommitOk', 1)),
  'access.request-ok': octets(method('AccessRequestOk', 1, { ticket: 1 })),
  'channel.flow-ok': octets(method('ChannelFlowOk', 1, { active: true })),
  'connection.start on a channel': octets(ids(10, 10, '', 1)),
});

twins('a method of the handshake after it', {
  'connection.start-ok': octets(
    method('ConnectionStartOk', 0, {
      clientProperties: {},
      mechanism: 'PLAIN',
      response: Buffer.from('\0guest\0guest'),
      locale: 'en_US',
    }),
  ),
  'connection.tune-ok': octets(
    method('ConnectionTuneOk', 0, { channelMax: 1, frameMax: 4096, heartbeat: 0 }),
  ),
  'connection.open': octets(method('ConnectionOpen', 0, { virtualHost: '/' })),
  'connection.secure-ok': octets(method('ConnectionSecureOk', 0, { response: Buffer.from('') })),
  'connection.close-ok': octets(method('ConnectionCloseOk', 0)),
  'connection.open-ok': octets(method('ConnectionOpenOk', 0)),
  'connection.tune': octets(method('ConnectionTune', 0, { channelMax: 0, frameMax: 0, heartbeat: 0 })),
  'connection.blocked': octets(method('ConnectionBlocked', 0, { reason: 'none' })),
  'connection.unblocked': octets(method('ConnectionUnblocked', 0)),
  'queue.declare on channel 0': octets(method('QueueDeclare', 0, { queue: 'q' })),
  'basic.publish on channel 0': octets(method('BasicPublish', 0, {})),
});

twins('arguments of a method', {
  'octets behind them': octets(ids(60, 10, '00000000000a00ffff')),
  'a name that is not UTF-8': octets(ids(50, 10, '000002c3280000000000')),
  'a name with a zero': octets(ids(50, 10, '0000036100620000000000')),
  'bits that mean nothing': octets(ids(60, 10, '000000000000fe')),
});
