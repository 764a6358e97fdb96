import { beforeEach, describe, expect, it } from '@jest/globals';
import { SimulatedFleet } from './simulated-fleet.js';

const poison = {
  task: 'consumer sales',
  code: 'EVENT_NOT_HANDLED',
  reason: 'consumer sales, its checkpoint at 12, waits at position 13 (OrderPlaced orders/order-7@1): no such column',
};
const unread = { task: 'projection orders 1', code: 'EVENT_NOT_APPLIED', reason: 'the reader read_orders_1 waits' };

let fleet: SimulatedFleet;

beforeEach(() => {
  fleet = new SimulatedFleet(5, 20);
  for (const id of ['orders-1', 'orders-2', 'pricing-1', 'pricing-2']) fleet.start(id);
  fleet.time.advance(20_000);
});

const stop = (id: string, ...tasks: readonly (typeof poison)[]): void => void (fleet.get(id).stoppedTasks = tasks);

describe('a task that cannot get past an event', () => {
  it('raises an alarm that names the service, the task, the instance and the event, until it goes on', () => {
    stop('orders-1', poison);
    fleet.time.advance(8000);
    expect(fleet.alarms('firing')).toEqual([]);
    fleet.time.advance(5000);
    expect(fleet.current).toMatchObject([
      {
        ...{ name: 'TaskStopped', severity: 'critical', state: 'firing', service: 'orders', instance: '' },
        summary: `orders: consumer sales stands still at orders-1 (EVENT_NOT_HANDLED): ${poison.reason}.`,
      },
    ]);
    fleet.time.advance(600_000);
    expect(fleet.current).toHaveLength(1);
    stop('orders-1');
    fleet.time.advance(8000);
    expect(fleet.alarms('firing')).toEqual([]);
    expect(fleet.fired()).toEqual(['TaskStopped ']);
  });

  it('is one alarm although one instance after the other tries it', () => {
    for (let round = 0; round < 10; round++) {
      const [tries, waits] = round % 2 === 0 ? ['orders-1', 'orders-2'] : ['orders-2', 'orders-1'];
      stop(tries, poison);
      fleet.time.advance(1000);
      stop(waits);
      fleet.time.advance(3000);
    }
    expect(fleet.fired()).toEqual(['TaskStopped ']);
    expect(fleet.current.map(({ service }) => service)).toEqual(['orders']);
  });

  it('shares its alarm with the other tasks of its service that stand still', () => {
    stop('orders-1', poison);
    stop('orders-2', unread);
    fleet.time.advance(15_000);
    const [alarm] = fleet.current;
    expect(alarm?.summary).toMatch(/^orders: consumer sales .* So do 1 more of its tasks\.$/);
    expect(alarm?.facts['tasks']).toMatch(/consumer sales .* at orders-1 .* projection orders 1 .* at orders-2 /);
  });

  it('is no alarm when it goes on within seconds, as after the restart of a database', () => {
    for (const id of ['orders-1', 'orders-2']) {
      stop(id, { task: 'consumer sales', code: 'STORE_UNAVAILABLE', reason: 'the database cannot be reached' });
    }
    fleet.time.advance(8000);
    for (const id of ['orders-1', 'orders-2']) stop(id);
    fleet.time.advance(60_000);
    expect(fleet.fired()).toEqual([]);
  });
});
