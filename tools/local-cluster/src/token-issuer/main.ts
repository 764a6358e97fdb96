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
  const environment = process.env;
  const host = environment['BIND_HOST'] ?? '127.0.0.1';
  const isLoopback = host.startsWith('127.') || host === 'localhost' || host === '::1';
  if (!isLoopback && environment['ALLOW_PLAINTEXT'] !== 'true') {
    throw new Error(`BIND_HOST is "${host}": the dev issuer is for loopback, unless ALLOW_PLAINTEXT=true`);
  }
  const port = Number(environment['ISSUER_PORT'] ?? '0');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`ISSUER_PORT is "${environment['ISSUER_PORT']}": it must be a whole number from 0 to 65535`);
  }
  const directory = environment['ROOKERY_DIR'];
  const key =
    directory === undefined ? await newSigningKey() : await keptSigningKey(join(directory, 'issuer-key.json'));
  const issuer = new TokenIssuer(key, environment['AUTH_ISSUER'] ?? 'rookery-dev-issuer', new SystemClock());
  const server = new TokenIssuerServer(issuer);
  const bound = await server.listen(host, port);
  process.stdout.write(
    `${JSON.stringify({ level: 'info', time: Date.now(), msg: `token issuer at http://${host}:${bound}` })}\n`,
  );
  process.send?.({ type: 'ready', service: 'issuer', id: 'issuer', pid: process.pid, http: bound });
  whenToldToStop(() => server.close());
}

main().catch((error: unknown) => exitWithProblem('token issuer', error));
