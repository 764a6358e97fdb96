import { reflection } from '@rookery/contracts/messages';
import {
  fileDescriptorsOf,
  HealthDefinition,
  ServerReflectionDefinition,
  ServerReflectionV1alphaDefinition,
} from '@rookery/contracts/nest';

import { StatusCode } from '../status/status-code.js';
import { DescriptorBook } from './descriptor-book.js';
import type { ServerMethod } from './server-method.js';

/** What every server of ours serves beside its own services. */
const PLATFORM = [HealthDefinition, ServerReflectionDefinition, ServerReflectionV1alphaDefinition].map(
  ({ name }) => name,
);

/**
 * gRPC server reflection, v1 and v1alpha (same messages), answering with the descriptors' own bytes: options that this code
 * knows nothing of arrive whole, which is what gateways route by.
 */
export function reflectionMethods(own: () => readonly string[]): ServerMethod[] {
  const services = (): readonly string[] => [...own(), ...PLATFORM];
  const book = new DescriptorBook(() => services().flatMap((service) => fileDescriptorsOf(service)));
  async function* answer(requests: AsyncIterable<unknown>): AsyncIterable<unknown> {
    for await (const request of requests)
      yield respond(request as reflection.ServerReflectionRequest, services(), book);
  }
  const handler = (requests: unknown): unknown => answer(requests as AsyncIterable<unknown>);
  const definitions = [...ServerReflectionDefinition.methods, ...ServerReflectionV1alphaDefinition.methods];
  return definitions.map((definition) => ({ definition, handler, isUncounted: true }));
}

function respond(
  request: reflection.ServerReflectionRequest,
  services: readonly string[],
  book: DescriptorBook,
): reflection.ServerReflectionResponse {
  const response = { validHost: request.host, originalRequest: request };
  if (request.listServices !== undefined) {
    return full({ ...response, listServicesResponse: { service: services.map((name) => ({ name })) } });
  }
  const { fileByFilename, fileContainingSymbol } = request;
  const name = fileByFilename ?? fileContainingSymbol;
  if (name === undefined) return failed(response, StatusCode.UNIMPLEMENTED, 'extension queries are not served');
  const files = fileByFilename === undefined ? book.filesOfSymbol(name) : book.filesByName(name);
  if (files === undefined) return failed(response, StatusCode.NOT_FOUND, `nothing is known of ${name}`);
  return full({ ...response, fileDescriptorResponse: { fileDescriptorProto: files } });
}

type Partial = Parameters<typeof reflection.ServerReflectionResponse.fromPartial>[0];

function full(response: Partial): reflection.ServerReflectionResponse {
  return reflection.ServerReflectionResponse.fromPartial(response);
}

function failed(response: Partial, errorCode: number, errorMessage: string): reflection.ServerReflectionResponse {
  return full({ ...response, errorResponse: { errorCode, errorMessage } });
}
