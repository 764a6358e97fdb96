import { join } from 'node:path';
import { SystemClock } from '@rookery/runtime';
import { exitWithProblem, whenToldToStop } from '../process-entry.js';
import { keptSigningKey, newSigningKey } from './signing-key.js';
import { TokenIssuer } from './token-issuer.js';
import { TokenIssuerServer } from './token-issuer-server.js';

/**
 * The dev token issuer as a process of its own. ISSUER_PORT (0 takes a free one), BIND_HOST (loopback unless
 * ALLOW_PLAINTEXT=true), AUTH_ISSUER (the `iss` of the tokens), ROOKERY_DIR (keeps the key over a restart; optional).
 */
async function main(): Promise<void> {
  const { host, port, name, directory } = readEnvironment(process.env);
  const key =
    directory === undefined ? await newSigningKey() : await keptSigningKey(join(directory, 'issuer-key.json'));
  const server = new TokenIssuerServer(new TokenIssuer(key, name, new SystemClock()));
  const bound = await server.listen(host, port);
  const line = { level: 'info', time: Date.now(), msg: `token issuer at http://${host}:${bound}` };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  process.send?.({ type: 'ready', service: 'issuer', id: 'issuer', pid: process.pid, http: bound });
  whenToldToStop(() => server.close());
}

function readEnvironment(environment: NodeJS.ProcessEnv) {
  const { BIND_HOST: host = '127.0.0.1', ISSUER_PORT = '0', AUTH_ISSUER: name = 'rookery-dev-issuer' } = environment;
  if (!isLoopback(host) && environment['ALLOW_PLAINTEXT'] !== 'true') {
    throw new Error(`BIND_HOST is "${host}": the dev issuer is for loopback, unless ALLOW_PLAINTEXT=true`);
  }
  const port = Number(ISSUER_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`ISSUER_PORT is "${ISSUER_PORT}": it must be a whole number from 0 to 65535`);
  }
  return { host, port, name, directory: environment['ROOKERY_DIR'] };
}

function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === 'localhost' || host === '::1';
}

main().catch((error: unknown) => exitWithProblem('token issuer', error));
