import type { AmqpListener } from '../connection/listener.js';
import type { RemoteReplies } from '../connection/replies.js';
import type { Message } from '../core/message.js';
import type { Logger, Peers } from '../core/ports.js';

/** Direct replies to consumers whose connection is on another node. */
export function remoteReplies(peers: Peers, logger: Logger): RemoteReplies {
  return {
    deliver: (node, key, message) => {
      peers.call(node, 'reply.deliver', { key, message }).catch((error: Error) => {
        logger.debug(`reply not passed on to ${node}: ${error.message}`);
      });
    },
    exists: (node, key) => peers.call(node, 'reply.exists', { key }).then((known) => known === true),
  };
}

export function answerReplies(peers: Peers, listener: AmqpListener): void {
  peers.answer('reply.deliver', ({ key, message }: { key: string; message: Message }) =>
    listener.deliverReply(key, message),
  );
  peers.answer('reply.exists', ({ key }: { key: string }) => listener.replyExists(key));
}
