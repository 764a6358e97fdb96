import { ownHttpUrl, probe } from './probe.js';

// The health check of the image: asks the service in the same container, by the settings that it runs with. An argument names
// another path than /readyz.
const LIMIT_MS = 4000;
const path = process.argv[2] ?? '/readyz';

try {
  const { status, body } = await probe(ownHttpUrl(process.env) + path, LIMIT_MS);
  process.stdout.write(`${status} ${body}\n`);
  process.exitCode = status === 200 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${path} does not answer: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
