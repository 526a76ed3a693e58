/** Serves a folder's files by HTTP: FOLDER ADDRESS PORT. Its first word says that it has begun. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const [folder, address, port] = process.argv.slice(2);

createServer((request, response) => {
  const file = path.join(folder, path.normalize(new URL(request.url, 'http://here').pathname));
  if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
  response.writeHead(200, { 'content-length': statSync(file).size });
  createReadStream(file).pipe(response);
}).listen(Number(port), address, () => process.stderr.write('serving\n'));
