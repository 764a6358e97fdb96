import { fromBinary } from '@bufbuild/protobuf';
import { type DescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';

interface Page {
  readonly bytes: Uint8Array;
  readonly dependencies: readonly string[];
}

/** Finds descriptor files by name and by the symbols in them. Reads them when it is first asked. */
export class DescriptorBook {
  private pages: Map<string, Page> | undefined;
  private readonly fileOfSymbol = new Map<string, string>();

  constructor(private readonly files: () => readonly Uint8Array[]) {}

  /** The file of that name and all that it imports. */
  filesByName(name: string): Uint8Array[] | undefined {
    const pages = this.open();
    if (!pages.has(name)) return undefined;
    const found = new Map<string, Uint8Array>();
    const collect = (file: string): void => {
      const page = pages.get(file);
      if (page === undefined || found.has(file)) return;
      found.set(file, page.bytes);
      page.dependencies.forEach(collect);
    };
    collect(name);
    return [...found.values()];
  }

  /** The file that declares a service, a method, a message or an enum, by its full name, and all that it imports. */
  filesOfSymbol(symbol: string): Uint8Array[] | undefined {
    this.open();
    const file = this.fileOfSymbol.get(symbol);
    return file === undefined ? undefined : this.filesByName(file);
  }

  private open(): Map<string, Page> {
    if (this.pages !== undefined) return this.pages;
    this.pages = new Map();
    for (const bytes of this.files()) this.add(this.pages, bytes);
    return this.pages;
  }

  private add(pages: Map<string, Page>, bytes: Uint8Array): void {
    const file = fromBinary(FileDescriptorProtoSchema, bytes);
    if (pages.has(file.name)) return;
    pages.set(file.name, { bytes, dependencies: file.dependency });
    const prefix = file.package === '' ? '' : `${file.package}.`;
    for (const message of file.messageType) this.addMessage(file.name, prefix, message);
    for (const { name } of file.enumType) this.fileOfSymbol.set(prefix + name, file.name);
    for (const service of file.service) {
      this.fileOfSymbol.set(prefix + service.name, file.name);
      for (const method of service.method) this.fileOfSymbol.set(`${prefix}${service.name}.${method.name}`, file.name);
    }
  }

  private addMessage(file: string, prefix: string, message: DescriptorProto): void {
    const name = prefix + message.name;
    this.fileOfSymbol.set(name, file);
    for (const nested of message.nestedType) this.addMessage(file, `${name}.`, nested);
    for (const { name: enumName } of message.enumType) this.fileOfSymbol.set(`${name}.${enumName}`, file);
  }
}
