import * as grpc from '@grpc/grpc-js';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { Instance } from '@rookery/discovery';
import type { ClientCredentials } from '@rookery/rpc';

import { Contract } from './contract.js';
import { ContractReader, NoReflectionError } from './contract-reader.port.js';
import { ReflectionStream } from './reflection-stream.js';

const PATHS = [
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
];
const TIMEOUT_MS = 2000;
const LARGEST_CONTRACT_BYTES = 16 * 1024 * 1024;
/** Services that every provider has beside its own. */
const INFRASTRUCTURE = /^(grpc\.(health|reflection|channelz)|rookery\.link)\./;

/** Reads contracts by gRPC server reflection, over a connection of its own that is closed afterwards. */
export class ReflectionContractReader extends ContractReader {
  constructor(private readonly credentials: ClientCredentials) {
    super();
  }

  async read(instance: Instance): Promise<Contract> {
    const endpoint = instance.endpoints['grpc'];
    if (endpoint === undefined) throw new Error('the instance has no gRPC endpoint');
    const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
    const client = new grpc.Client(`${host}:${endpoint.port}`, this.credentials.forEndpoint(endpoint), {
      'grpc.max_receive_message_length': LARGEST_CONTRACT_BYTES,
      // A channel of its own: the shared one would keep back-offs from an earlier owner of the address.
      'grpc.use_local_subchannel_pool': 1,
    });
    try {
      return await this.readFrom(client);
    } finally {
      client.close();
    }
  }

  private async readFrom(client: grpc.Client): Promise<Contract> {
    const deadline = new Date(Date.now() + TIMEOUT_MS);
    for (const path of PATHS) {
      const stream = new ReflectionStream(client, path, deadline);
      try {
        return await contractFrom(stream);
      } catch (error) {
        if ((error as Partial<grpc.ServiceError>).code !== grpc.status.UNIMPLEMENTED) throw error;
      } finally {
        stream.close();
      }
    }
    throw new NoReflectionError();
  }
}

async function contractFrom(stream: ReflectionStream): Promise<Contract> {
  const { listServicesResponse } = await stream.ask({ listServices: '*' });
  const names = (listServicesResponse?.service ?? [])
    .map(({ name }) => name)
    .filter((name) => !INFRASTRUCTURE.test(name));
  const files = new FileCollection();
  for (const name of names) {
    const { fileDescriptorResponse } = await stream.ask({ fileContainingSymbol: name });
    files.add(fileDescriptorResponse?.fileDescriptorProto ?? []);
  }
  for (let name = files.nextMissing(); name !== undefined; name = files.nextMissing()) {
    files.add(await importedFile(stream, name));
  }
  return Contract.fromFiles([...files.bytes.values()], names);
}

/** A server may know a file's import by name alone; the contract is then built without it. */
async function importedFile(stream: ReflectionStream, name: string): Promise<readonly Uint8Array[]> {
  try {
    const { fileDescriptorResponse } = await stream.ask({ fileByFilename: name });
    return fileDescriptorResponse?.fileDescriptorProto ?? [];
  } catch (error) {
    if ((error as Partial<grpc.ServiceError>).code === undefined) return [];
    throw error;
  }
}

class FileCollection {
  readonly bytes = new Map<string, Uint8Array>();
  private readonly imports = new Set<string>();
  private size = 0;

  add(files: readonly Uint8Array[]): void {
    for (const file of files) {
      const { name, dependency } = fromBinary(FileDescriptorProtoSchema, file);
      if (this.bytes.has(name)) continue;
      this.size += file.length;
      if (this.size > LARGEST_CONTRACT_BYTES) throw new Error(`the descriptors exceed ${LARGEST_CONTRACT_BYTES} bytes`);
      this.bytes.set(name, file);
      for (const imported of dependency) this.imports.add(imported);
    }
  }

  /** A file that is imported, not there, and was not given out before. */
  nextMissing(): string | undefined {
    for (const name of this.imports) {
      this.imports.delete(name);
      if (!this.bytes.has(name)) return name;
    }
    return undefined;
  }
}
