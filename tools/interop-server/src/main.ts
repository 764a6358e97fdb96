import { parseArgs } from 'node:util';

import { startInteropServer } from './interop-server.js';

const { values } = parseArgs({ options: { port: { type: 'string', default: '10000' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  process.stderr.write(`--port takes a number from 0 to 65535, not ${values.port}\n`);
  process.exit(2);
}
try {
  const server = await startInteropServer(port);
  process.stdout.write(`grpc.testing.TestService listens on 127.0.0.1:${server.port}\n`);
  const stop = (): void => void server.close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
