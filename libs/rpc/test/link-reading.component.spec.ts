import { afterEach, describe, expect, it } from '@jest/globals';
import { HeldResolver, until } from '@rookery/testkit';

import { MAX_ACTOR_PAYLOAD_BYTES, MAX_WRITE_BYTES } from '../src/link/protocol.js';
import { ActorGate, type ActorIntake } from '../src/server/actor-gate.port.js';
import { response, SERVICE, Stage } from './provider.js';
import { RecordedRoute } from './recorded-actors.js';

const stage = new Stage();
afterEach(() => stage.close());

/** A gate that remembers how many bytes came in each turn of the event loop. */
class TurnsGate extends ActorGate {
  readonly turns: number[] = [];
  private bytes = 0;

  open(): ActorIntake {
    return { receive: ({ length }) => this.receive(length), closed: () => undefined };
  }

  private receive(length: number): void {
    if (this.bytes === 0) setImmediate(() => this.endTurn());
    this.bytes += length;
  }

  private endTurn(): void {
    this.turns.push(this.bytes);
    this.bytes = 0;
  }
}

describe('a link that has much to read', () => {
  it('reads a full batch in a turn, so that everything else has its own in between', async () => {
    const gate = new TurnsGate();
    const provider = await stage.provider(
      'p1',
      { unaryCall: () => response },
      { prepare: (server) => server.takeActors(gate) },
    );
    const self = { service: SERVICE, instanceId: 'p0', incarnation: 'only' };
    const client = stage.caller(new HeldResolver([provider.instance()]), { self });
    const heard = new RecordedRoute();
    const route = client.actorRoute({ service: SERVICE, instanceId: 'p1', incarnation: 'first' }, heard);
    await until('the route is up', () => heard.told.includes('up'));
    provider.proxy.stall();
    const frame = Buffer.alloc(MAX_ACTOR_PAYLOAD_BYTES);
    let frames = 0;
    while (route.send(frame)) frames++;
    provider.proxy.resume();
    const received = (): number => gate.turns.reduce((sum, bytes) => sum + bytes, 0);
    await until('all of it has come', () => received() === frames * frame.length);
    expect(received()).toBeGreaterThan(4 * MAX_WRITE_BYTES);
    expect(Math.max(...gate.turns)).toBeLessThanOrEqual(MAX_WRITE_BYTES);
  });
});
