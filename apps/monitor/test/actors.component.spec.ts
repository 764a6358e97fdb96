import type { RequestListener } from 'node:http';
import { Module } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Actor, Props } from '@rookery/actors';
import { Actors, ActorsModule, RootActor } from '@rookery/actors-nest';
import { ServiceKitModule } from '@rookery/service-kit';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { certificateFile, describedInstance } from '@rookery/testkit';
import { InstanceClient } from '../src/presence/instance.client.js';
import { AppModule } from '../src/app.module.js';
import { FakedInstance } from './faked-instance.js';

let monitor: ServiceUnderTest;
let closing: (() => Promise<void>)[];

beforeEach(async () => {
  monitor = await startUnderTest(AppModule);
  closing = [() => monitor.stop()];
});

afterEach(async () => {
  for (const close of closing) await close();
});

const leaf = { incarnation: 1, state: 'running', isBusy: false, mailboxLength: 0, restarts: 0, childCount: 0, children: [] }; // prettier-ignore

/** What `GET /actors` of one instance says, but for what is given of its tree. */
function answerOf(id: string, tree: object = {}): object {
  return {
    address: `testing:${id}:first`,
    tree: { actorCount: 1, rootCount: 1, roots: [{ ...leaf, id: 'shop' }], ...tree },
    cluster: { topology: '1', members: [], activations: {} },
  };
}

const saying =
  (body: unknown): RequestListener =>
  (_request, response) =>
    response.end(JSON.stringify(body));

/** Starts a faked instance and lists it. */
async function listed(id: string, ...faked: [RequestListener, { readonly capabilities?: readonly string[] }?]) {
  const fake = await FakedInstance.start(id, ...faked);
  closing.unshift(() => fake.stop());
  monitor.catalogue.put(fake.instance);
  return fake;
}

async function ask(question: Readonly<Record<string, string>>): Promise<{ status: number; body: unknown }> {
  const search = new URLSearchParams({ service: 'testing', ...question });
  const response = await fetch(`${monitor.http}/api/actors?${search.toString()}`);
  return { status: response.status, body: await response.json() };
}

/** The words that a person is told instead of a tree, and the status that a program is. */
async function refusal(question: Readonly<Record<string, string>>): Promise<string> {
  const { body, status } = await ask(question);
  return `${status} ${(body as { message: string }).message}`;
}

@RootActor({ name: 'door' })
class DoorActor implements Actor {
  receive(): void {
    // Stands there.
  }
}

@Module({
  imports: [
    ServiceKitModule.forRoot({ name: 'testing' }),
    ActorsModule.forRoot(),
    ActorsModule.forFeature([DoorActor]),
  ],
})
class TestingModule {}

describe('the actors of an instance', () => {
  it('are shown as a service with actors says them', async () => {
    const { catalogue } = monitor;
    const service = await startUnderTest(TestingModule, { INSTANCE_ID: 'testing-1' }, catalogue);
    closing.unshift(() => service.stop());
    const { system } = service.service.app.get(Actors);
    system.spawnNamed(
      Props.fromFunction(() => undefined),
      'bell',
    );
    const { instances } = (await (await fetch(`${monitor.http}/api/instances`)).json()) as { instances: object[] };
    expect(instances).toContainEqual(expect.objectContaining({ instance: 'testing-1', hasActors: true }));
    const { body, status } = await ask({ instance: 'testing-1' });
    expect(status).toBe(200);
    const { actorCount, roots } = body as { readonly actorCount: number; readonly roots: readonly object[] };
    expect(body).toMatchObject({
      instance: 'testing-1',
      rootCount: actorCount,
      shownCount: actorCount,
      activations: {},
    });
    for (const id of ['door', 'bell']) {
      expect(roots).toContainEqual(expect.objectContaining({ id, state: 'running', mailboxLength: 0, children: [] }));
    }
  });

  it('are those of now, and of the part that is asked for', async () => {
    const roots = [{ ...leaf, id: 'shop/carts', mailboxLength: 3, childCount: 9 }];
    const fake = await listed('testing-1', saying(answerOf('testing-1', { actorCount: 40, roots })));
    await ask({ instance: 'testing-1' });
    const { body } = await ask({ instance: 'testing-1', under: 'shop/carts' });
    expect(body).toMatchObject({ actorCount: 40, shownCount: 1, roots: [{ id: 'shop/carts', mailboxLength: 3 }] });
    expect(fake.asked).toEqual(['/actors?limit=200', '/actors?limit=200&under=shop%2Fcarts']);
  });

  it('are no more than 200, however many are sent and however deep', async () => {
    const wide = Array.from({ length: 5000 }, (_, index) => ({ ...leaf, id: `cart-${index}` }));
    await listed('testing-1', saying(answerOf('testing-1', { rootCount: 5000, roots: wide })));
    expect((await ask({ instance: 'testing-1' })).body).toMatchObject({ rootCount: 5000, shownCount: 200 });
    let deep: object = { ...leaf, id: 'deepest' };
    for (let depth = 0; depth < 2000; depth++) deep = { ...leaf, id: 'deep', childCount: 1, children: [deep] };
    await listed('testing-2', saying(answerOf('testing-2', { roots: [deep] })));
    expect((await ask({ instance: 'testing-2' })).body).toMatchObject({ shownCount: 200 });
  });
});

describe('who asks for actors', () => {
  it('is told that an instance has none, which is not asked then', async () => {
    const fake = await listed('testing-1', saying({}), { capabilities: ['link'] });
    expect(await refusal({ instance: 'testing-1' })).toBe('404 testing-1 has no actors');
    expect(fake.asked).toEqual([]);
  });

  it('reaches only what the registry lists, wherever a question or an answer points', async () => {
    const hidden = await FakedInstance.start('hidden', saying(answerOf('hidden')));
    closing.unshift(() => hidden.stop());
    const { host } = new URL(hidden.url);
    expect(await refusal({ instance: host })).toBe(`404 the registry lists no instance ${host} of testing`);
    const away: RequestListener = (_request, response) => response.writeHead(302, { location: hidden.url }).end();
    await listed('testing-1', away);
    expect(await refusal({ instance: 'testing-1' })).toBe('502 testing-1 answered 302 instead of its actors');
    monitor.catalogue.put(hidden.instance);
    monitor.catalogue.remove('hidden');
    expect(await refusal({ instance: 'hidden' })).toBe('404 the registry lists no instance hidden of testing');
    expect(hidden.asked).toEqual([]);
  });

  it('is told when the instance does not answer, within a time and a length', async () => {
    await listed('testing-1', () => undefined);
    expect(await refusal({ instance: 'testing-1' })).toBe('504 testing-1 did not answer within 2 s');
    await listed('testing-2', (_request, response) => response.write('{'));
    expect(await refusal({ instance: 'testing-2' })).toBe('504 testing-2 did not answer within 2 s');
    await listed('testing-3', (_request, response) => response.end(' '.repeat(1_100_000)));
    expect(await refusal({ instance: 'testing-3' })).toBe('502 testing-3 answered too much');
    const fake = await listed('testing-4', saying({}));
    await fake.stop();
    closing.shift();
    expect(await refusal({ instance: 'testing-4' })).toBe('502 testing-4 cannot be reached');
  });

  it('is told when something else answers', async () => {
    const anothers = saying(answerOf('testing-9'));
    await listed('testing-1', anothers);
    expect(await refusal({ instance: 'testing-1' })).toBe('502 another process than testing-1 answers at its address');
    await listed('testing-2', (_request, response) => response.end('<html>'));
    expect(await refusal({ instance: 'testing-2' })).toBe('502 testing-2 answered something else than its actors');
    await listed('testing-3', (_request, response) => response.writeHead(500).end());
    expect(await refusal({ instance: 'testing-3' })).toBe('502 testing-3 answered 500 instead of its actors');
  });

  it('names service and instance, each once', async () => {
    expect(await refusal({ service: '', instance: 'testing-1' })).toBe('400 service is a text of 1 to 1000 characters');
    expect(await refusal({})).toBe('400 instance is a text of 1 to 1000 characters');
    const response = await fetch(`${monitor.http}/api/actors?service=a&instance=b&instance=c`);
    expect(response.status).toBe(400);
  });
});

describe('the way to an instance', () => {
  const secure = { capabilities: ['actors'], isSecure: true };

  it('is TLS where the instance speaks it, believing the authorities of this process', async () => {
    const fake = await FakedInstance.start('testing-1', saying('mine'), secure);
    const believing = await startUnderTest(AppModule, {
      TLS_CA_FILE: certificateFile('test-authority.pem'),
      TLS_CERT_FILE: certificateFile('caller.pem'),
      TLS_KEY_FILE: certificateFile('caller.key.pem'),
    });
    closing.unshift(
      () => fake.stop(),
      () => believing.stop(),
    );
    const clientOf = ({ service }: ServiceUnderTest) => service.app.get(InstanceClient, { strict: false });
    expect(await clientOf(believing).get(fake.instance, '/actors')).toEqual({ status: 200, text: '"mine"' });
    await expect(clientOf(monitor).get(fake.instance, '/actors')).rejects.toThrow('testing-1 cannot be reached');
  });

  it('leads in plaintext to no other machine unless that is allowed', async () => {
    const endpoints = { http: { host: '192.0.2.1', port: 80, isSecure: false } };
    const capabilities = ['actors'];
    monitor.catalogue.put(describedInstance('testing-1', 80, { service: 'testing', endpoints, capabilities }));
    expect(await refusal({ instance: 'testing-1' })).toMatch(/^502 testing-1 is not asked in plaintext/);
  });
});
