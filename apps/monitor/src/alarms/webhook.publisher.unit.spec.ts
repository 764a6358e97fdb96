import { describe, expect, it } from '@jest/globals';
import { SeededRandom, VirtualTime } from '@rookery/runtime/testing';
import { firing } from '../../test/sample-alarm.js';
import type { Alarm } from './alarm.js';
import type { WebhookPayload } from './alertmanager.mapper.js';
import { type Delivery, WebhookPublisher } from './webhook.publisher.js';

const resolved: Alarm = { ...firing, state: 'resolved', resolvedAt: 9_000 };

function setUp(answer: (attempt: number) => Delivery | Error) {
  const time = new VirtualTime();
  const posted: WebhookPayload[] = [];
  const publisher = new WebhookPublisher({
    post: (payload) => {
      posted.push(payload);
      const given = answer(posted.length);
      return given instanceof Error ? Promise.reject(given) : Promise.resolve(given);
    },
    scheduler: time,
    random: new SeededRandom(7),
    externalUrl: 'http://monitor.test',
    warn: () => undefined,
  });
  return { time, posted, publisher };
}

describe('WebhookPublisher', () => {
  it("speaks version 4 of Alertmanager's webhook format", async () => {
    const { time, posted, publisher } = setUp(() => 'delivered');
    publisher.offer([firing]);
    await time.advanceAsync(0);
    publisher.offer([resolved]);
    await time.advanceAsync(0);
    const labels = {
      alertname: 'InstanceSilent',
      cause: 'silence',
      instance: 'pricing-1',
      service: 'pricing',
      severity: 'critical',
    };
    const annotations = { incarnation: 'first', summary: 'pricing-1 is silent.' };
    expect(posted[0]).toEqual({
      version: '4',
      groupKey:
        '{}:{alertname="InstanceSilent", cause="silence", instance="pricing-1", service="pricing", severity="critical"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'rookery',
      groupLabels: labels,
      commonLabels: labels,
      commonAnnotations: annotations,
      externalURL: 'http://monitor.test',
      alerts: [
        {
          status: 'firing',
          labels,
          annotations,
          startsAt: '1970-01-01T00:00:02.000Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'http://monitor.test/#alarms',
          fingerprint: '00000000000000aa',
        },
      ],
    });
    expect(posted[1]).toMatchObject({
      status: 'resolved',
      alerts: [{ status: 'resolved', startsAt: '1970-01-01T00:00:02.000Z', endsAt: '1970-01-01T00:00:09.000Z' }],
    });
  });

  it('tries again until the receiver is back, and then tells only the newest state', async () => {
    const { time, posted, publisher } = setUp((attempt) => (attempt < 3 ? new Error('refused') : 'delivered'));
    publisher.offer([firing]);
    await time.advanceAsync(0);
    publisher.offer([resolved]);
    await time.advanceAsync(120_000);
    expect(posted.map(({ status }) => status)).toEqual(['firing', 'resolved', 'resolved']);
    expect(time.pending).toBe(0);
  });

  it('keeps the order, also of what was under way when the receiver went away', async () => {
    const { time, posted, publisher } = setUp((attempt) => (attempt === 1 ? 'failed' : 'delivered'));
    const other = { ...firing, fingerprint: '00000000000000bb', instance: 'pricing-2' };
    publisher.offer([firing, other]);
    await time.advanceAsync(60_000);
    const told = posted.map(({ alerts }) => alerts[0]?.fingerprint);
    expect(told).toEqual([firing.fingerprint, firing.fingerprint, other.fingerprint]);
    expect(publisher).toMatchObject({ delivered: 2, failed: 1, dropped: 0, waiting: [] });
  });

  it('never lets two alarms share a group, for receivers close a group as a whole', async () => {
    const { time, posted, publisher } = setUp(() => 'delivered');
    publisher.offer([firing, { ...resolved, fingerprint: '00000000000000bb', instance: 'pricing-2' }]);
    await time.advanceAsync(0);
    expect(posted.map(({ status }) => status)).toEqual(['firing', 'resolved']);
    expect(new Set(posted.map(({ groupKey }) => groupKey)).size).toBe(2);
  });

  it('gives up what the receiver refuses for good', async () => {
    const { time, posted, publisher } = setUp(() => 'refused');
    publisher.offer([firing]);
    await time.advanceAsync(120_000);
    expect(posted).toHaveLength(1);
    expect(publisher.dropped).toBe(1);
  });

  it('gives up what cannot be told, and goes on with the next', async () => {
    const { time, posted, publisher } = setUp(() => 'delivered');
    publisher.offer([{ ...firing, fingerprint: '00000000000000bb', firingAt: Number.NaN }, firing]);
    await time.advanceAsync(0);
    expect(posted.map(({ alerts }) => alerts[0]?.fingerprint)).toEqual([firing.fingerprint]);
    expect(publisher).toMatchObject({ delivered: 1, dropped: 1, waiting: [] });
  });

  it('holds a bounded number of alarms while the receiver is away', async () => {
    const { time, publisher } = setUp(() => 'failed');
    const many = Array.from({ length: 1500 }, (_, index) => ({ ...firing, fingerprint: String(index) }));
    publisher.offer(many);
    await time.advanceAsync(10_000);
    expect(publisher.dropped).toBeGreaterThanOrEqual(500);
    publisher.close();
    expect(time.pending).toBe(0);
  });
});
