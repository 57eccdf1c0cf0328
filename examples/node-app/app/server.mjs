import { createServer } from 'node:http';

// Everything that differs between environments is in Parameter Store: /shop/<environment>/greeting, .../port.
const { GREETING = 'Hello', PORT = '8080' } = process.env;

const server = createServer((request, response) => {
  if (request.url === '/health') response.end('ok\n');
  else response.end(`${GREETING}\n`);
});
server.listen(Number(PORT));
process.once('SIGTERM', () => server.close());
