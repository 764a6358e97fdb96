import path from 'node:path';

/** Where the generator reads and writes; other places than the repository's own in tests and with `--check`. */
export interface Workspace {
  /** The folder with node_modules. */
  readonly root: string;
  readonly protoFolder: string;
  /** libs/contracts/src */
  readonly outputFolder: string;
}

export const repositoryRoot = path.resolve(import.meta.dirname, '../../..');

export const repositoryWorkspace: Workspace = {
  root: repositoryRoot,
  protoFolder: path.join(repositoryRoot, 'proto'),
  outputFolder: path.join(repositoryRoot, 'libs/contracts/src'),
};
