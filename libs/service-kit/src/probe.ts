import { type IncomingMessage, request as ask } from 'node:http';
import { request as askSecurely } from 'node:https';

export interface ProbeAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Asks a service of this machine over HTTP or HTTPS. Its certificate is not looked at, just as Kubernetes' own probes do
 * not: it names the host that others call, and who answers on this machine is not in doubt. Rejects when nothing answers in
 * time.
 */
export function probe(url: string, limitMs: number): Promise<ProbeAnswer> {
  const isSecure = url.startsWith('https:');
  const options = { agent: false, signal: AbortSignal.timeout(limitMs) };
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage): void => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    };
    const request = isSecure
      ? askSecurely(url, { ...options, rejectUnauthorized: false }, answered)
      : ask(url, options, answered);
    request.on('error', reject).end();
  });
}

/** Where the HTTP port of a service with these settings is asked from its own machine. */
export function ownHttpUrl(environment: Readonly<Record<string, string | undefined>>): string {
  const { BIND_HOST = '127.0.0.1', HTTP_PORT = '', TLS_CERT_FILE = '' } = environment;
  const local = new Map([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
  ]);
  const host = local.get(BIND_HOST) ?? BIND_HOST;
  return `${TLS_CERT_FILE === '' ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${HTTP_PORT}`;
}
