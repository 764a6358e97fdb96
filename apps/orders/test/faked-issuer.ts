import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakedIssuer {
  readonly url: string;
  close(): void;
}

/** Gives everybody what `token` gives. */
export async function startFakedIssuer(token: () => Promise<string>): Promise<FakedIssuer> {
  const server = createServer((_request, response) => {
    void token().then((given) => response.end(JSON.stringify({ access_token: given, expires_in: 300 })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
