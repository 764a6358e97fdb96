import { type DescService, type FileRegistry, createFileRegistry, create, fromBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

import { DecoderCompiler } from '../transcoding/decoder-compiler.js';
import { EncoderCompiler } from '../transcoding/encoder-compiler.js';

/** What an instance serves, from its descriptors. Immutable; its codecs compile at first use. */
export class Contract {
  readonly encoders: EncoderCompiler;
  readonly decoders: DecoderCompiler;

  constructor(
    readonly registry: FileRegistry,
    readonly services: readonly DescService[],
  ) {
    this.encoders = new EncoderCompiler(registry);
    this.decoders = new DecoderCompiler(registry);
  }

  /**
   * Builds the contract of the named services from serialised FileDescriptorProtos in any order. Throws when a file or a
   * type that they need is missing.
   */
  static fromFiles(files: readonly Uint8Array[], serviceNames: readonly string[]): Contract {
    const parsed = new Map(
      files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes)).map((file) => [file.name, file] as const),
    );
    const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: inOrder(parsed) }));
    const services = serviceNames.map((name) => {
      const service = registry.getService(name);
      if (service === undefined) throw new TypeError(`the descriptors lack the service ${name}`);
      return service;
    });
    return new Contract(registry, services);
  }
}

/**
 * Each file after those that it imports. An import that nobody has is dropped: files of options are often left out, and
 * where a type is truly missing the registry says so.
 */
function inOrder(files: ReadonlyMap<string, FileDescriptorProto>): FileDescriptorProto[] {
  const ordered = new Map<string, FileDescriptorProto>();
  const visit = (file: FileDescriptorProto, path: readonly string[]): void => {
    if (ordered.has(file.name)) return;
    if (path.includes(file.name)) throw new TypeError(`the files ${path.join(', ')} import each other`);
    const kept = file.dependency.filter((name) => files.has(name));
    for (const name of kept) visit(files.get(name) as FileDescriptorProto, [...path, file.name]);
    // Indexes into `dependency` lose their meaning once imports are dropped; nothing here needs them.
    ordered.set(file.name, Object.assign(file, { dependency: kept, publicDependency: [], weakDependency: [] }));
  };
  for (const file of files.values()) visit(file, []);
  return [...ordered.values()];
}
