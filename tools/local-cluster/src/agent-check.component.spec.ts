import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AgentUnreachableError, checkAgent } from './agent-check.js';

describe('the check of a Consul agent before the start', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
  });

  async function answering(status: number, body: string): Promise<string> {
    const started = createServer((_request, response) => response.writeHead(status).end(body));
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  }

  it('is content with an agent that has a leader', async () => {
    await expect(checkAgent(await answering(200, '"127.0.0.1:8300"'))).resolves.toBeUndefined();
  });

  it('names the address where nobody answers', async () => {
    const check = checkAgent('http://127.0.0.1:1');
    await expect(check).rejects.toThrow(AgentUnreachableError);
    await expect(check).rejects.toThrow('no Consul agent answers at http://127.0.0.1:1');
  });

  it('refuses what is no agent, and an agent without a leader', async () => {
    await expect(checkAgent(await answering(404, 'not found'))).rejects.toThrow('no Consul agent answers');
    server?.close();
    await expect(checkAgent(await answering(200, '""'))).rejects.toThrow('has no leader yet');
  });
});
