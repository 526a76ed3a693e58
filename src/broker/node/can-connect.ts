import { connect } from 'node:net';
import type { Listener } from '../config/node-config.js';

/** Milliseconds that a listener of this very machine has to answer. */
const patience = 2000;

export function canConnect({ address, port }: Listener): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address === '::' ? 'localhost' : address, port, timeout: patience });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
