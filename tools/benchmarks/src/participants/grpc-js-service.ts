import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

import { LOADER_OPTIONS, PROTO_FILE } from './grpc-contract.js';

/** The service of the contract as grpc-js and proto-loader give it. */
export function pricingService(): grpc.ServiceClientConstructor {
  const loaded = grpc.loadPackageDefinition(loadSync(PROTO_FILE, LOADER_OPTIONS));
  let found: unknown = loaded;
  for (const name of ['rookery', 'pricing', 'v1', 'PricingService']) {
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found as grpc.ServiceClientConstructor;
}
