/** Opens a link to a node by its registered name. */
import { connect as connectSocket, type Socket } from 'node:net';
import type { Registry } from '../registry.js';
import { Answers } from './answers.js';
import { LinkError } from './errors.js';
import { FrameReader } from './frame.js';
import { CallerHandshake, type Far, type Refusal } from './handshake.js';
import { type FrameHandlers, Link } from './link.js';

export interface Caller {
  registry: Registry;
  cookie: string;
  self: Far;
  tickTime?: number | undefined;
  answers?: Answers;
  frames?: FrameHandlers;
  /** Milliseconds for connecting and the handshake together. */
  timeout?: number;
}

export function openLink(node: string, caller: Caller): Promise<Link> {
  const entry = caller.registry.lookup(node);
  if (entry === null) {
    return Promise.reject(new LinkError('not_registered', node, `node '${node}' not running at all`));
  }
  const socket = connectSocket({ host: entry.address, port: entry.port, noDelay: true });
  return shakeHands(socket, node, caller);
}

function shakeHands(socket: Socket, node: string, caller: Caller): Promise<Link> {
  return new Promise((resolve, reject) => {
    const handshake = new CallerHandshake(caller.cookie, caller.self, node);
    const reader = new FrameReader();
    let link: Link | null = null;
    const fail = (error: LinkError) => {
      socket.destroy();
      reject(error);
    };
    const broken = () => fail(new LinkError('unreachable', node, `node '${node}' cannot be reached`));
    const receive = (chunk: Buffer) => {
      try {
        reader.push(chunk, (type, payload) => {
          if (link !== null) return link.accept(type, payload);
          const step = handshake.receive(type, payload);
          if (step.send) socket.write(step.send);
          if (step.refused) fail(refusal(node, step.refused));
          if (step.open) {
            socket.off('data', receive);
            socket.off('error', broken);
            socket.off('close', broken);
            link = new Link(
              socket,
              reader,
              step.open,
              caller.answers ?? new Answers(),
              caller.frames ?? new Map(),
              caller.tickTime,
            );
            resolve(link);
          }
        });
      } catch {
        broken();
      }
    };
    socket.on('connect', () => socket.write(handshake.begin()));
    socket.on('data', receive);
    socket.on('error', broken);
    socket.on('close', broken);
    socket.setTimeout(caller.timeout ?? 7000, () => {
      fail(new LinkError('timeout', node, `node '${node}' did not answer in time`));
    });
  });
}

function refusal(node: string, reason: Refusal): LinkError {
  if (reason === 'cookie') {
    return new LinkError(
      'wrong_cookie',
      node,
      'Authentication failed (rejected by the remote node), please check the Erlang cookie',
    );
  }
  if (reason === 'name') {
    return new LinkError('not_registered', node, `node '${node}' not running at all`);
  }
  return new LinkError('unreachable', node, `node '${node}' refused the link`);
}
