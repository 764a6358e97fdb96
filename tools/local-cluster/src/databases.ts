import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an app's `project.json` says among its tags when the service needs a database of its own. */
const NEEDS_DATABASE = 'needs:database';

/** Those of the apps that need a database. */
export function withDatabase(root: string, apps: readonly string[]): readonly string[] {
  return apps.filter((name) => {
    const project = readFileSync(join(root, 'apps', name, 'project.json'), 'utf8');
    return (JSON.parse(project) as { tags?: readonly string[] }).tags?.includes(NEEDS_DATABASE) === true;
  });
}

/** Where each service finds its database on our own server, and as whom. The server makes what these URLs name. */
export function ownDatabases(services: readonly string[], port: number): ReadonlyMap<string, string> {
  return new Map(services.map((name) => [name, `postgres://${name}:${newPassword()}@127.0.0.1:${port}/${name}`]));
}

/** A new one at each start: nothing has to be kept, and what leaked is worth nothing after the next. */
function newPassword(): string {
  return randomBytes(18).toString('base64url');
}
