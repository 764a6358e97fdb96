import { readFileSync } from 'node:fs';

import * as grpc from '@grpc/grpc-js';
import { isLoopback } from '@rookery/rpc';
import { DomainError } from '@rookery/runtime';

import type { CredentialsFor } from './reflection-contract-reader.js';

export interface ReflectionSecurity {
  readonly TLS_CERT_FILE: string | undefined;
  readonly TLS_KEY_FILE: string | undefined;
  readonly TLS_CA_FILE: string | undefined;
  readonly ALLOW_PLAINTEXT: boolean;
}

/** How to speak to an endpoint. The files are read for each connection, so that renewed ones count at once. */
export function reflectionCredentials(security: ReflectionSecurity): CredentialsFor {
  return ({ host, port, isSecure }) => {
    if (isSecure) return secure(security);
    if (security.ALLOW_PLAINTEXT || isLoopback(host)) return grpc.credentials.createInsecure();
    throw new DomainError('PLAINTEXT_REFUSED', `plaintext to ${host}:${port} is not allowed`, { kind: 'unavailable' });
  };
}

function secure({ TLS_CA_FILE, TLS_CERT_FILE, TLS_KEY_FILE }: ReflectionSecurity): grpc.ChannelCredentials {
  if (TLS_CA_FILE === undefined) {
    throw new DomainError('TLS_NOT_CONFIGURED', 'the endpoint speaks TLS and TLS_CA_FILE is not set', {
      kind: 'unavailable',
    });
  }
  const authorities = readFileSync(TLS_CA_FILE);
  if (TLS_CERT_FILE === undefined || TLS_KEY_FILE === undefined) return grpc.credentials.createSsl(authorities);
  return grpc.credentials.createSsl(authorities, readFileSync(TLS_KEY_FILE), readFileSync(TLS_CERT_FILE));
}
