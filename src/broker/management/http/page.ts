/** The page, below `/`, as RabbitMQ has its own there. It speaks to the API like any other client. */
import { WebFiles } from '../../../web-files/web-files.js';
import type { Answer, Asked } from './answer.js';

export function pageAt(): (asked: Asked) => Promise<Answer | null> {
  const files = new WebFiles();
  return ({ method, path, headers }) =>
    files.answer({
      method,
      name: path.slice(1),
      acceptEncoding: headers['accept-encoding']?.toString(),
      ifNoneMatch: headers['if-none-match'],
    });
}
