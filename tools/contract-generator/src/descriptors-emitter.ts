import { clone, toBinary, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { HEADER } from './messages-emitter.js';

const FILE_FIELD = 0x0a;
const LINE = 112;

/** The descriptor set without comments, as text, and the table that finds a service's files in it. */
export function emitDescriptors(files: readonly DescFile[]): string {
  const chunks: Uint8Array[] = [];
  const entries: string[] = [];
  let end = 0;
  for (const file of files) {
    const bytes = bytesOf(file);
    const head = Uint8Array.from([FILE_FIELD, ...varint(bytes.length)]);
    const imports = file.dependencies.map((dependency) => files.indexOf(dependency));
    const services = file.services.map((service) => service.typeName);
    entries.push(JSON.stringify([file.proto.name, end + head.length, bytes.length, imports, services]));
    chunks.push(head, bytes);
    end += head.length + bytes.length;
  }
  const text = Buffer.concat(chunks).toString('base64');
  const lines = text.match(new RegExp(`.{1,${String(LINE)}}`, 'g')) ?? [];
  return `${HEADER}
  import { DescriptorIndex } from './descriptor-index.js';

  const encoded = [${lines.map((line) => `'${line}'`).join(',\n')}].join('');

  /** All contracts and what they import, as a serialized google.protobuf.FileDescriptorSet without comments. */
  export const fileDescriptorSet: Uint8Array = Uint8Array.from(Buffer.from(encoded, 'base64'));

  const index = new DescriptorIndex(fileDescriptorSet, [${entries.join(',\n')}]);

  /** The serialized file that declares a service (full name) and all that it imports, each after its imports. */
  export function fileDescriptorsOf(serviceFullName: string): Uint8Array[] {
    return index.filesOf(serviceFullName);
  }

  /** 16 hex digits that two builds share when they have the same contracts of these services (full names). */
  export function contractDigest(serviceFullNames: readonly string[]): string {
    return index.digest(serviceFullNames);
  }
  `;
}

/** Options that are extensions are unknown to this program's schema and go through as they are. */
function bytesOf(file: DescFile): Uint8Array {
  const proto = clone(FileDescriptorProtoSchema, file.proto);
  delete proto.sourceCodeInfo;
  return toBinary(FileDescriptorProtoSchema, proto);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
