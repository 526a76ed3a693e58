/** The page, below `/`, as RabbitMQ has its own there. It speaks to the API like any other client. */
import type { HonoRequest } from 'hono';
import { WebFiles } from '../../../web-files/web-files.js';

export function pageAt(): (request: HonoRequest) => Promise<Response | null> {
  const files = new WebFiles();
  return async (request) => {
    const answer = await files.answer({
      method: request.method,
      name: request.path.slice(1),
      acceptEncoding: request.header('accept-encoding'),
      ifNoneMatch: request.header('if-none-match'),
    });
    return answer && new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
}
