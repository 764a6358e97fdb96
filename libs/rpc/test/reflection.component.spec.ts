import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import * as grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { health, reflection } from '@rookery/contracts/messages';

import { Provider, response } from './provider.js';

const identity = (bytes: Buffer): Buffer => bytes;
type Question = Parameters<typeof reflection.ServerReflectionRequest.fromPartial>[0];

let provider: Provider;
let client: grpc.Client;
beforeAll(async () => {
  provider = await Provider.start('p1', { unaryCall: () => response });
  client = new grpc.Client(`127.0.0.1:${provider.port}`, grpc.credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await provider.close();
});

/** Asks as any gRPC tool does: raw messages over one stream. */
async function ask(version: string, ...questions: Question[]): Promise<reflection.ServerReflectionResponse[]> {
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  const call = client.makeBidiStreamRequest(path, identity, identity);
  for (const question of questions) {
    call.write(
      Buffer.from(
        reflection.ServerReflectionRequest.encode(reflection.ServerReflectionRequest.fromPartial(question)).finish(),
      ),
    );
  }
  call.end();
  const answers: reflection.ServerReflectionResponse[] = [];
  for await (const bytes of call as AsyncIterable<Buffer>)
    answers.push(reflection.ServerReflectionResponse.decode(bytes));
  return answers;
}

const filesOf = (answer: reflection.ServerReflectionResponse | undefined): string[] =>
  (answer?.fileDescriptorResponse?.fileDescriptorProto ?? []).map(
    (bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name,
  );

describe.each(['v1', 'v1alpha'])('reflection %s', (version) => {
  it('lists the services', async () => {
    const [answer] = await ask(version, { listServices: '' });
    expect(answer?.listServicesResponse?.service).toEqual([
      { name: 'grpc.testing.TestService' },
      { name: 'grpc.health.v1.Health' },
      { name: 'grpc.reflection.v1.ServerReflection' },
      { name: 'grpc.reflection.v1alpha.ServerReflection' },
    ]);
  });

  it('gives the file of a symbol with all that it imports, more than once on one stream', async () => {
    const symbols = ['grpc.testing.TestService', 'grpc.testing.TestService.UnaryCall', 'grpc.testing.SimpleRequest'];
    const answers = await ask(version, ...symbols.map((fileContainingSymbol) => ({ fileContainingSymbol })));
    expect(answers).toHaveLength(3);
    for (const answer of answers) {
      const files = filesOf(answer);
      const known = new Set(files);
      expect(files[0]).toMatch(/test\.proto$|messages\.proto$/);
      for (const bytes of answer.fileDescriptorResponse?.fileDescriptorProto ?? []) {
        for (const needed of fromBinary(FileDescriptorProtoSchema, bytes).dependency) expect(known).toContain(needed);
      }
    }
  });

  it('gives a file by its name, and says what it does not know', async () => {
    const [first] = await ask(version, { fileContainingSymbol: 'grpc.testing.TestService' });
    const name = filesOf(first)[0] ?? '';
    const [byName, unknown, none, extension] = await ask(
      version,
      { fileByFilename: name },
      { fileContainingSymbol: 'no.such.Thing' },
      { fileByFilename: 'no/such.proto' },
      { allExtensionNumbersOfType: 'google.protobuf.MethodOptions' },
    );
    expect(filesOf(byName)).toEqual(filesOf(first));
    expect(unknown?.errorResponse).toMatchObject({ errorCode: grpc.status.NOT_FOUND });
    expect(none?.errorResponse).toMatchObject({ errorCode: grpc.status.NOT_FOUND });
    expect(extension?.errorResponse).toMatchObject({ errorCode: grpc.status.UNIMPLEMENTED });
  });
});

describe('health', () => {
  const check = (service: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = Buffer.from(health.HealthCheckRequest.encode({ service }).finish());
      client.makeUnaryRequest('/grpc.health.v1.Health/Check', identity, identity, request, (error, bytes) => {
        if (error !== null || bytes === undefined) reject(error ?? new Error('no answer'));
        else resolve(health.HealthCheckResponse.decode(bytes).status);
      });
    });
  const { SERVING, NOT_SERVING } = health.HealthCheckResponse_ServingStatus;

  it('follows what the server is told, for itself and for each service', async () => {
    expect(await check('')).toBe(NOT_SERVING);
    provider.server.setServing(true);
    expect(await check('')).toBe(SERVING);
    expect(await check('grpc.testing.TestService')).toBe(SERVING);
    await expect(check('no.such.Service')).rejects.toMatchObject({ code: grpc.status.NOT_FOUND });
  });

  it('is answered at the limit of calls', async () => {
    const full = await Provider.start('p2', {}, { concurrencyLimit: 0 });
    const other = new grpc.Client(`127.0.0.1:${full.port}`, grpc.credentials.createInsecure());
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      const request = Buffer.from(health.HealthCheckRequest.encode({ service: '' }).finish());
      other.makeUnaryRequest('/grpc.health.v1.Health/Check', identity, identity, request, (error, answer) => {
        if (error !== null || answer === undefined) reject(error ?? new Error('no answer'));
        else resolve(answer);
      });
    });
    expect(health.HealthCheckResponse.decode(bytes).status).toBe(NOT_SERVING);
    other.close();
    await full.close();
  });
});
