import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { reflection } from '@rookery/contracts/messages';
import type { Instance } from '@rookery/discovery';
import { ClientCredentials } from '@rookery/rpc';

import { NoReflectionError } from '../src/contracts/contract-reader.port.js';
import { ReflectionContractReader } from '../src/contracts/reflection-contract-reader.js';
import { offersOf } from '../src/routing/route-offer.js';
import { descriptorSetOf } from './descriptor-set.js';

type Request = reflection.ServerReflectionRequest;
type Response = Partial<reflection.ServerReflectionResponse>;

const files = new Map(
  fromBinary(FileDescriptorSetSchema, descriptorSetOf('library.proto')).file.map((file) => [
    file.name,
    toBinary(FileDescriptorProtoSchema, file),
  ]),
);
const reader = new ReflectionContractReader(new ClientCredentials({ isPlaintextAllowed: false }));
let server: grpc.Server | undefined;

afterEach(() => server?.forceShutdown());

/** A provider in the manner of other languages: it answers with one file at a time. */
async function start(version: string, answer: (request: Request) => Response): Promise<Instance> {
  const { ServerReflectionRequest, ServerReflectionResponse } = reflection;
  const ServerReflectionInfo: grpc.MethodDefinition<Request, reflection.ServerReflectionResponse> = {
    path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    requestStream: true,
    responseStream: true,
    requestSerialize: (request) => Buffer.from(ServerReflectionRequest.encode(request).finish()),
    requestDeserialize: (bytes) => ServerReflectionRequest.decode(bytes),
    responseSerialize: (response) => Buffer.from(ServerReflectionResponse.encode(response).finish()),
    responseDeserialize: (bytes) => ServerReflectionResponse.decode(bytes),
  };
  server = new grpc.Server();
  server.addService(
    { ServerReflectionInfo },
    {
      ServerReflectionInfo: (call: grpc.ServerDuplexStream<Request, reflection.ServerReflectionResponse>) => {
        call.on('data', (request: Request) => call.write(ServerReflectionResponse.fromPartial(answer(request))));
        call.on('end', () => call.end());
      },
    },
  );
  const running = server;
  const port = await new Promise<number>((resolve, reject) => {
    running.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return instanceAt(port);
}

function instanceAt(port: number): Instance {
  const grpcEndpoint = { host: '127.0.0.1', port, isSecure: false };
  const rest = {
    incarnation: '',
    version: '',
    zone: '',
    weight: 100,
    startedAt: 0,
    capabilities: [],
    contractDigest: '',
  };
  return { id: 'library-1', service: 'library', endpoints: { grpc: grpcEndpoint }, ...rest };
}

function fileByFile(missing: readonly string[] = []): (request: Request) => Response {
  return ({ listServices, fileContainingSymbol, fileByFilename }) => {
    if (listServices !== undefined) {
      const names = ['gateway.test.Library', 'grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection'];
      return { listServicesResponse: { service: names.map((name) => ({ name })) } };
    }
    const name = fileContainingSymbol === 'gateway.test.Library' ? 'library.proto' : fileByFilename;
    const file = missing.includes(name ?? '') ? undefined : files.get(name ?? '');
    if (file === undefined) return { errorResponse: { errorCode: 5, errorMessage: `nothing is known of ${name}` } };
    return { fileDescriptorResponse: { fileDescriptorProto: [file] } };
  };
}

describe('reading a contract by reflection', () => {
  it.each(['v1', 'v1alpha'] as const)('works with %s, file by file', async (version) => {
    const contract = await reader.read(await start(version, fileByFile()));
    expect(contract.services.map((service) => service.typeName)).toEqual(['gateway.test.Library']);
    expect(offersOf(contract).offers.length).toBeGreaterThan(10);
  });

  it('does without the files that only define options', async () => {
    const missing = ['google/api/annotations.proto', 'google/api/http.proto', 'rookery/options/v1/options.proto'];
    const contract = await reader.read(await start('v1', fileByFile([...missing, 'google/protobuf/descriptor.proto'])));
    expect(offersOf(contract).offers.map((offer) => offer.binding.path)).toContain('/v1/books/{name}');
  });

  it('fails where a type is missing', async () => {
    await expect(reader.read(await start('v1', fileByFile(['every_kind.proto'])))).rejects.toThrow(
      /every_kind|EveryKind/,
    );
  });

  it('fails for good where an instance knows no reflection', async () => {
    await expect(reader.read(await start('v9', fileByFile()))).rejects.toThrow(NoReflectionError);
  });

  it('fails where nobody listens, and where an instance has no gRPC at all', async () => {
    await expect(reader.read(instanceAt(1))).rejects.toThrow(/UNAVAILABLE/);
    await expect(reader.read({ ...instanceAt(1), endpoints: {} })).rejects.toThrow('the instance has no gRPC endpoint');
  });
});
