import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DescFile } from '@bufbuild/protobuf';
import { format, resolveConfig } from 'prettier';
import { readModel, type ContractModel } from './contract-model.js';
import { lineOf } from './contract-error.js';
import { ContractSet } from './contract-set.js';
import { emitDescriptors } from './descriptors-emitter.js';
import { emitNamespaces, HEADER, reviseMessages } from './messages-emitter.js';
import { readFolder } from './output-folder.js';
import { compile, listProtoFiles, writeMessages } from './protoc.js';
import { emitServiceModule, exportsOf } from './service-emitter.js';
import type { Workspace } from './workspace.js';

const EMITTED = path.resolve(import.meta.dirname, '../src/emitted');

export interface Generated {
  /** The text of every file, by its path below the output folder. */
  readonly files: ReadonlyMap<string, string>;
  /** What is odd in the contracts and allowed; one line each. */
  readonly notes: readonly string[];
}

/** Throws a ContractError when the contracts cannot be worked with. */
export async function generate(workspace: Workspace): Promise<Generated> {
  const names = await listProtoFiles(workspace);
  const model = readModel(new ContractSet(await compile(workspace, names), names));
  const files = [...(await messages(workspace, model)), ...(await nest(model))];
  files.sort(([left], [right]) => (left < right ? -1 : 1));
  return { files: new Map(files), notes: model.notes.map(lineOf) };
}

async function messages(workspace: Workspace, { messageFiles }: ContractModel): Promise<Map<string, string>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rookery-messages-'));
  try {
    await writeMessages(
      workspace,
      messageFiles.map((file) => file.proto.name),
      folder,
    );
    const files = await readFolder(folder);
    for (const [name, text] of files) files.set(name, reviseMessages(name, text));
    for (const [name, text] of emitNamespaces(messageFiles)) files.set(name, await prettify(text));
    return new Map([...files].map(([name, text]) => [`messages/${name}`, text]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function nest(model: ContractModel): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const [name, text] of await readFolder(EMITTED)) {
    if (!name.endsWith('.spec.ts')) files.set(name, `${HEADER}\n${text}`);
  }
  for (const file of model.contracts.own) {
    const text = emitServiceModule(model, file);
    if (text !== undefined) files.set(`${file.name}.ts`, text);
  }
  files.set('descriptors.ts', emitDescriptors(model.contracts.files));
  files.set('index.ts', emitIndex(model));
  const formatted = [...files].map(async ([name, text]) => [`nest/${name}`, await prettify(text)] as const);
  return new Map(await Promise.all(formatted));
}

function emitIndex(model: ContractModel): string {
  const services = model.contracts.own
    .filter((file) => file.services.length > 0)
    .map((file) => `export { ${exportsIn(model, file).join(', ')} } from './${file.name}.js';`);
  return `${HEADER}
  export { bindController, type ControllerClass } from './controller-methods.js';
  export { contractDigest, fileDescriptorSet, fileDescriptorsOf } from './descriptors.js';
  export type { CallContext, CallOptions, FieldViolation, GrainCallOptions, MessageCodec, MethodAccess, MethodDefinition, RequestValidator, ServiceDefinition } from './service-definition.js';
  ${services.join('\n')}
  `;
}

function exportsIn(model: ContractModel, file: DescFile): string[] {
  return file.services.flatMap((service) => exportsOf(model, service));
}

async function prettify(text: string): Promise<string> {
  const style = await resolveConfig(EMITTED);
  return format(text, { ...style, parser: 'typescript' });
}
