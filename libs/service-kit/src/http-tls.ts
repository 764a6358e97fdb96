import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { TlsIdentity, TlsMaterial } from '@rookery/rpc';

/** What HTTPS is served with. The authorities are left out: callers over HTTP show no certificate. */
export function httpsOf({ cert, key }: TlsMaterial): { cert: Buffer | undefined; key: Buffer | undefined } {
  return { cert, key };
}

/** Lets new connections have what the process's TLS files hold by then. */
export function followTls(server: Server | SecureServer, tls: TlsIdentity): void {
  if ('setSecureContext' in server) tls.onChange((material) => server.setSecureContext(httpsOf(material)));
}
