import { CommandFailed, exitStatus } from './exit-status.js';

/** An operand that must be JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailed(exitStatus.unavailable, 'JSON decoding error. Reason: badarg');
  }
}
