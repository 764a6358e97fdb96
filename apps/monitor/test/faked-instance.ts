import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import type { Instance } from '@rookery/discovery';
import { certificateFile, describedInstance } from '@rookery/testkit';

interface Faked {
  /** In the registry; default `actors`. */
  readonly capabilities?: readonly string[];
  readonly isSecure?: boolean;
}

/** An instance of `testing` that answers on its HTTP port what the test says, and remembers what it was asked. */
export class FakedInstance {
  readonly asked: string[] = [];
  private constructor(
    readonly instance: Instance,
    private readonly server: Server,
  ) {}

  static async start(id: string, answer: RequestListener, faked: Faked = {}): Promise<FakedInstance> {
    const { capabilities = ['actors'], isSecure = false } = faked;
    const server = isSecure ? createSecureServer(certificate(), answer) : createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const endpoints = { http: { host: '127.0.0.1', port, isSecure } };
    const instance = describedInstance(id, port, { service: 'testing', endpoints, capabilities });
    const fake = new FakedInstance(instance, server);
    server.on('request', ({ url = '' }) => fake.asked.push(url));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${this.instance.endpoints['http']?.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function certificate(): { readonly cert: Buffer; readonly key: Buffer } {
  const [cert, key] = ['provider.pem', 'provider.key.pem'].map((name) => readFileSync(certificateFile(name)));
  if (cert === undefined || key === undefined) throw new Error('two names give two files');
  return { cert, key };
}
