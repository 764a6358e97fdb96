import { exitWithProblem, whenToldToStop } from '../process-entry.js';
import { DevRegistry } from './dev-registry.js';

/** The dev registry as a process of its own, on loopback. REGISTRY_PORT (0, the default, takes a free one). */
async function main(): Promise<void> {
  const port = Number(process.env['REGISTRY_PORT'] ?? '0');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`REGISTRY_PORT is "${process.env['REGISTRY_PORT']}": it must be a whole number from 0 to 65535`);
  }
  const registry = new DevRegistry();
  const { url, port: bound } = await registry.listen(port);
  process.stdout.write(`${JSON.stringify({ level: 'info', time: Date.now(), msg: `dev registry at ${url}` })}\n`);
  process.send?.({ type: 'ready', service: 'registry', id: 'registry', pid: process.pid, http: bound });
  whenToldToStop(() => registry.close());
}

main().catch((error: unknown) => exitWithProblem('dev registry', error));
