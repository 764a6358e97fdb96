import {
  createFileRegistry,
  fromBinary,
  getExtension,
  hasExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  type DescService,
  type FileRegistry,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** The compiled contracts: what stands in proto/ (`own`) and what those files import. */
export class ContractSet {
  /** Every file, each after its imports. */
  readonly files: readonly DescFile[];
  /** The files in proto/, by name. */
  readonly own: readonly DescFile[];
  private readonly registry: FileRegistry;

  constructor(image: Uint8Array, ownNames: readonly string[]) {
    const descriptors = fromBinary(FileDescriptorSetSchema, image);
    this.registry = createFileRegistry(descriptors);
    this.files = descriptors.file.map(({ name }) => this.fileNamed(name));
    this.own = ownNames.map((name) => this.fileNamed(name));
  }

  get services(): readonly DescService[] {
    return this.own.flatMap((file) => file.services);
  }

  /** The value of an option that is an extension, or undefined where it is not set. */
  option<T>(element: DescService | DescMethod | DescField, name: string): T | undefined {
    const extension = this.registry.getExtension(name);
    const options = element.proto.options;
    if (extension === undefined || options === undefined || !hasExtension(options, extension)) return undefined;
    return getExtension(options, extension) as T;
  }

  private fileNamed(name: string): DescFile {
    const file = this.registry.getFile(name);
    if (file === undefined) throw new Error(`protoc wrote no descriptor for ${name}`);
    return file;
  }
}

/** All messages of a file, nested ones after the one they stand in. */
export function messagesOf(file: DescFile): DescMessage[] {
  const visit = (message: DescMessage): DescMessage[] => [message, ...message.nestedMessages.flatMap(visit)];
  return file.messages.flatMap(visit);
}
