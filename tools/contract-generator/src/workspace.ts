import path from 'node:path';

/** Where the generator reads and writes: the repository, or a copy of its contracts. */
export interface Workspace {
  /** Holds buf.yaml, proto/ and libs/contracts/src/. */
  readonly root: string;
  /** The node_modules folder with protoc, ts-proto and buf. */
  readonly modules: string;
}

const root = path.resolve(import.meta.dirname, '../../..');

export const repository: Workspace = { root, modules: path.join(root, 'node_modules') };

export function protoFolderOf(workspace: Workspace): string {
  return path.join(workspace.root, 'proto');
}

export function outputFolderOf(workspace: Workspace): string {
  return path.join(workspace.root, 'libs/contracts/src');
}
