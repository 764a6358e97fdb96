import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Writes into its database at each start that it has started. */
const ledger = `
import pg from 'pg';
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS starts (instance text)');
await client.query('INSERT INTO starts VALUES ($1)', [process.env.INSTANCE_ID]);
await client.end();
process.once('SIGTERM', () => process.exit(0));
setInterval(() => undefined, 1e6);
process.send({ type: 'ready', service: 'ledger', id: process.env.INSTANCE_ID, pid: process.pid });
`;

/** This checkout with one app more, `ledger`, which needs a database and is nothing else. */
export class LedgerWorkspace {
  readonly path = mkdtempSync(join(tmpdir(), 'rookery-ledger-'));

  constructor() {
    const tool = 'tools/local-cluster/dist';
    mkdirSync(join(this.path, 'apps/ledger/dist'), { recursive: true });
    for (const app of readdirSync(join(root, 'apps'))) this.link(join('apps', app));
    cpSync(join(root, tool), join(this.path, tool), { recursive: true });
    this.link('tools/embedded-postgres');
    this.link('node_modules');
    this.write('package.json', '{ "type": "module" }');
    this.write('apps/ledger/project.json', '{ "name": "ledger", "tags": ["layer:app", "needs:database"] }');
    this.write('apps/ledger/dist/main.js', ledger);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  private link(path: string): void {
    symlinkSync(join(root, path), join(this.path, path));
  }

  private write(path: string, text: string): void {
    writeFileSync(join(this.path, path), text);
  }
}
