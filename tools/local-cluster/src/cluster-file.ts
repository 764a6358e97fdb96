import { rmSync } from 'node:fs';
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
  /** Good for `sample`. */
  readonly token: string;
  readonly sample: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly instances: readonly ClusterInstance[];
}

/** The description of the running cluster on disk: there while it is true, and gone otherwise. */
export class ClusterFile {
  readonly path: string;
  private readonly environmentPath: string;
  private written = '';

  constructor(directory: string) {
    this.path = join(directory, 'cluster.json');
    this.environmentPath = join(directory, 'cluster.env');
  }

  write(description: ClusterDescription): void {
    const content = `${JSON.stringify(description, undefined, 2)}\n`;
    if (content === this.written) return;
    this.written = content;
    writeFileAtomically(this.path, content);
  }

  /** What an instance started by hand needs to join, for `node --env-file`. */
  writeEnvironment(environment: Readonly<Record<string, string>>): void {
    const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
    writeFileAtomically(this.environmentPath, lines.join(''));
  }

  remove(): void {
    this.written = '';
    rmSync(this.path, { force: true });
    rmSync(this.environmentPath, { force: true });
  }
}
