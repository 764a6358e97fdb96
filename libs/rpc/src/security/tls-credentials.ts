import { isIP, type Socket } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';

import * as grpc from '@grpc/grpc-js';

import type { TlsIdentity } from './tls-identity.js';
import type { TlsMaterial } from './tls-files.js';

/** As long as HTTP/2's pings wait for an answer; they begin only after the handshake. */
const HANDSHAKE_LIMIT_MS = 3000;

type SecureConnector = ReturnType<grpc.ChannelCredentials['_createSecureConnector']>;
type Secured = Awaited<ReturnType<SecureConnector['connect']>>;

// grpc-js could follow files too. But until it has read them it drops who connects, it drops everybody while key and
// certificate do not match, and it sends an IP address as the server's name, which RFC 6066 forbids.

/** TLS to one host with what the identity holds at the moment of connecting. */
export class TlsChannelCredentials extends grpc.ChannelCredentials {
  constructor(
    private readonly identity: TlsIdentity,
    private readonly host: string,
  ) {
    super();
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: grpc.ChannelCredentials): boolean {
    return other instanceof TlsChannelCredentials && other.identity === this.identity && other.host === this.host;
  }

  override _createSecureConnector(
    ...[, , callCredentials]: Parameters<grpc.ChannelCredentials['_createSecureConnector']>
  ): SecureConnector {
    const credentials = callCredentials ?? grpc.CallCredentials.createEmpty();
    return {
      connect: (socket) => this.secure(socket),
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => credentials,
      destroy: () => undefined,
    };
  }

  private secure(socket: Socket): Promise<Secured> {
    const { host } = this;
    const { context } = this.identity.material;
    const options: ConnectionOptions = { socket, host, secureContext: context, ALPNProtocols: ['h2'] };
    // The certificate is compared with the host either way.
    if (isIP(host) === 0) options.servername = host;
    return new Promise((resolve, reject) => {
      const secured = connect(options);
      const closed = (): void => reject(new Error('the connection ended in the TLS handshake'));
      const silent = (): void => void secured.destroy(new Error('no answer in the TLS handshake'));
      secured.setTimeout(HANDSHAKE_LIMIT_MS, silent);
      secured.once('error', reject);
      secured.once('close', closed);
      secured.once('secureConnect', () => {
        secured.off('error', reject);
        secured.off('close', closed);
        secured.setTimeout(0, silent);
        resolve({ socket: secured, secure: true });
      });
    });
  }
}

/** TLS for a server: new connections get what the identity holds then. */
export class TlsServerCredentials extends grpc.ServerCredentials {
  private unfollow: (() => void) | undefined;

  constructor(
    private readonly identity: TlsIdentity,
    private readonly requiresClientCertificate: boolean,
  ) {
    super({ requestCert: true, rejectUnauthorized: requiresClientCertificate }, contextOf(identity.material));
  }

  override _addWatcher(...[watcher]: Parameters<grpc.ServerCredentials['_addWatcher']>): void {
    super._addWatcher(watcher);
    this.unfollow ??= this.identity.onChange((material) => this.updateSecureContextOptions(contextOf(material)));
  }

  override _removeWatcher(...[watcher]: Parameters<grpc.ServerCredentials['_removeWatcher']>): void {
    super._removeWatcher(watcher);
    if (this.getWatcherCount() > 0) return;
    this.unfollow?.();
    this.unfollow = undefined;
  }

  override _equals(other: grpc.ServerCredentials): boolean {
    return (
      other instanceof TlsServerCredentials &&
      other.identity === this.identity &&
      other.requiresClientCertificate === this.requiresClientCertificate
    );
  }
}

function contextOf({ ca, cert, key }: TlsMaterial): { ca: Buffer; cert: Buffer | undefined; key: Buffer | undefined } {
  return { ca, cert, key };
}
