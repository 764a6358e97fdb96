import * as grpc from '@grpc/grpc-js';
import type { Endpoint } from '@rookery/discovery';
import { DomainError } from '@rookery/runtime';

import { isLoopback } from './loopback.js';
import { TlsChannelCredentials } from './tls-credentials.js';
import type { TlsIdentity } from './tls-identity.js';

export interface ClientSecurity {
  /** Where absent, instances are called in plaintext. */
  readonly tls?: TlsIdentity;
  /** Plaintext to another host than this one. Loopback needs no leave. */
  readonly isPlaintextAllowed: boolean;
}

/** Chooses how to speak to an endpoint: TLS when it is secure, plaintext only where that is allowed. */
export class ClientCredentials {
  constructor(private readonly security: ClientSecurity) {}

  /** Throws DomainError PLAINTEXT_REFUSED or TLS_NOT_CONFIGURED. */
  forEndpoint(endpoint: Endpoint): grpc.ChannelCredentials {
    if (endpoint.isSecure) {
      if (this.security.tls !== undefined) return new TlsChannelCredentials(this.security.tls, endpoint.host);
      throw new DomainError('TLS_NOT_CONFIGURED', `${endpoint.host}:${endpoint.port} speaks TLS and no files are set`, {
        kind: 'unavailable',
      });
    }
    if (this.security.isPlaintextAllowed || isLoopback(endpoint.host)) return grpc.credentials.createInsecure();
    throw new DomainError('PLAINTEXT_REFUSED', `plaintext to ${endpoint.host}:${endpoint.port} is not allowed`, {
      kind: 'unavailable',
    });
  }
}
