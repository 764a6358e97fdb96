import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Database } from './database.js';

/** Where nobody listens any more. */
async function deserted(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `postgres://nobody@127.0.0.1:${port}/nothing`;
}

describe('a database that cannot be reached', () => {
  it('tells the one who tried why', async () => {
    const database = new Database({ url: await deserted(), applicationName: 'the test' });
    const failing = database.query({ text: 'select 1' }).finally(() => database.close());
    await expect(failing).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'the store is not available: no connection',
      cause: { code: 'ECONNREFUSED' },
    });
  });
});
