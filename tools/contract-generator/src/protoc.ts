import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ContractError } from './contract-error.js';
import { protoFolderOf, type Workspace } from './workspace.js';

const run = promisify(execFile);

const MESSAGE_OPTIONS = [
  'annotateFilesWithVersion=false',
  'emitImportedFiles=false',
  'env=both',
  'esModuleInterop=true',
  'exportCommonSymbols=false',
  'forceLong=number',
  'importSuffix=.js',
  'outputClientImpl=false',
  'outputEncodeMethods=true',
  'outputJsonMethods=false',
  'outputPartialMethods=true',
  'outputServices=none',
  'useDate=true',
  'useExactTypes=false',
].join(',');

/** The contracts of the workspace, in the order of their names: `rookery/pricing/v1/pricing_service.proto`. */
export async function listProtoFiles(workspace: Workspace): Promise<string[]> {
  const protoFolder = protoFolderOf(workspace);
  const entries = await readdir(protoFolder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.proto'))
    .map((entry) => path.relative(protoFolder, path.join(entry.parentPath, entry.name)))
    .map((name) => name.split(path.sep).join('/'))
    .sort();
}

/** A serialized FileDescriptorSet of the files and all that they import, comments included. */
export async function compile(workspace: Workspace, files: readonly string[]): Promise<Uint8Array> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rookery-contracts-'));
  try {
    const image = path.join(folder, 'contracts.binpb');
    await protoc(workspace, ['--include_imports', '--include_source_info', `--descriptor_set_out=${image}`, ...files]);
    return await readFile(image);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Lets ts-proto write one module for each file into `folder`. */
export async function writeMessages(workspace: Workspace, files: readonly string[], folder: string): Promise<void> {
  const plugin = path.join(workspace.modules, 'ts-proto/protoc-gen-ts_proto');
  await protoc(workspace, [
    `--plugin=protoc-gen-ts_proto=${plugin}`,
    `--ts_proto_out=${folder}`,
    `--ts_proto_opt=${MESSAGE_OPTIONS}`,
    ...files,
  ]);
}

/** google/protobuf comes with protoc; everything else stands in proto/. */
async function protoc(workspace: Workspace, args: readonly string[]): Promise<void> {
  const protoFolder = protoFolderOf(workspace);
  const roots = ['.', path.join(workspace.modules, 'protoc/include')];
  const program = path.join(workspace.modules, 'protoc/protoc.cjs');
  const command = [program, ...roots.map((folder) => `-I${folder}`), ...args];
  try {
    await run(process.execPath, command, { cwd: protoFolder });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    if (stderr === undefined) throw error;
    throw new ContractError(`protoc refuses the contracts:\n${stderr.trim()}`);
  }
}
