import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from './atomic-file.js';

/** One instance that runs on this machine. */
export interface ClusterInstance {
  readonly service: string;
  readonly id: string;
  /** The process that holds the ports. */
  readonly pid: number;
  readonly grpc: number | undefined;
  readonly http: number | undefined;
}

/** What `.rookery/cluster.json` tells scripts, tests and people. */
export interface ClusterDescription {
  /** The process that keeps the others running; SIGTERM to it stops the cluster in order. */
  readonly supervisor: number;
  readonly gateway: string;
  readonly monitor: string;
  readonly registry: string;
  readonly issuer: string;
  /** The URL of its database by service, of those that have one. */
  readonly databases: Readonly<Record<string, string>>;
  /** Good for `sample`. */
  readonly token: string;
  readonly sample: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly instances: readonly ClusterInstance[];
}

/** The description of the running cluster on disk: there while it is true, and gone otherwise. */
export class ClusterFile {
  readonly path: string;
  private written = '';

  constructor(private readonly directory: string) {
    this.path = join(directory, 'cluster.json');
  }

  write(description: ClusterDescription): void {
    const content = `${JSON.stringify(description, undefined, 2)}\n`;
    if (content === this.written) return;
    this.written = content;
    writeFileAtomically(this.path, content);
  }

  /** What an instance started by hand needs to join, for `node --env-file`: one file for all, one more for a service with a database. */
  writeEnvironment(joining: Readonly<Record<string, string>>, databases: ReadonlyMap<string, string>): void {
    this.writeVariables('cluster', joining);
    for (const [service, url] of databases) this.writeVariables(service, { DATABASE_URL: url });
  }

  private writeVariables(name: string, variables: Readonly<Record<string, string>>): void {
    const lines = Object.entries(variables).map(([variable, value]) => `${variable}=${value}\n`);
    writeFileAtomically(join(this.directory, `${name}.env`), lines.join(''));
  }

  remove(): void {
    this.written = '';
    rmSync(this.path, { force: true });
    // Somebody may have removed the whole folder.
    const names = existsSync(this.directory) ? readdirSync(this.directory) : [];
    for (const name of names) if (name.endsWith('.env')) rmSync(join(this.directory, name), { force: true });
  }
}
