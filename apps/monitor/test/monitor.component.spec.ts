import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { monitor } from '@rookery/contracts/messages';
import { MonitorServiceClient } from '@rookery/contracts/nest';
import { type ServiceUnderTest, startUnderTest } from '@rookery/service-kit/testing';
import { untilFound } from '@rookery/testkit';
import { AppModule } from '../src/app.module.js';
import { METHOD } from './reports.js';

let service: ServiceUnderTest;
let client: MonitorServiceClient;
let receiver: Server;
const notices: { status: string; alerts: { labels: Record<string, string> }[] }[] = [];
let onNotice: () => void = () => undefined;

async function noticeOf(instance: string): Promise<(typeof notices)[number]> {
  for (;;) {
    const notice = notices.find(({ alerts }) => alerts.some(({ labels }) => labels['instance'] === instance));
    if (notice !== undefined) return notice;
    await new Promise<void>((resolve) => (onNotice = resolve));
  }
}

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      notices.push(JSON.parse(Buffer.concat(chunks).toString()) as (typeof notices)[number]);
      response.end();
      onNotice();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  service = await startUnderTest(AppModule, { ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/alerts` });
  client = service.client(MonitorServiceClient);
});

afterAll(async () => {
  await service.stop();
  await new Promise((resolve) => receiver.close(resolve));
});

/** The first report of one run of an instance. */
function reportOf(
  given: Partial<monitor.ReportRequest>,
  instanceId: string,
  incarnation = 'first',
): monitor.ReportRequest {
  return monitor.ReportRequest.fromPartial({
    reporter: { service: instanceId.replace(/-\d+$/, ''), instanceId, incarnation, version: '1.0.0' },
    sequence: 1,
    from: new Date(1000),
    to: new Date(2000),
    mergedPeriods: 1,
    ...given,
  });
}

const outcomes = { codes: [{ code: 0, count: 9 }], latency: { buckets: [{ index: 44, count: 9 }], sumMicros: 18_000 } };

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${service.http}${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

interface Instances {
  instances: { instance: string; own: { last60s: { calls: number } } }[];
}

/** Windows end with the last full second, so a report shows within two. */
function untilCounted(instance: string): Promise<Instances['instances'][number]> {
  return untilFound(`calls of ${instance} are counted`, async () => {
    const { instances } = await get<Instances>('/api/instances');
    return instances.find((one) => one.instance === instance && one.own.last60s.calls > 0);
  });
}

describe('monitor', () => {
  it('counts a report once, however often it is sent', async () => {
    const report = reportOf({ callee: [{ method: METHOD, outcomes, maxInFlight: 2 }] }, 'pricing-1');
    await client.report(report);
    await client.report(report);
    expect(await untilCounted('pricing-1')).toMatchObject({
      own: { last60s: { calls: 9, codes: { OK: 9 } } },
    });
    expect(await get('/api/overview')).toMatchObject({ intake: { repeatedReports: 1 } });
  });

  it('shows who calls whom, with the state of the connection', async () => {
    const target = { targetService: 'pricing', targetInstanceId: 'pricing-1', targetIncarnation: 'first' };
    const links = [{ ...target, state: monitor.LinkState.LINK_STATE_UP, since: new Date(1500) }];
    const caller = [{ ...target, method: METHOD, outcomes, maxInFlight: 2 }];
    await client.report(reportOf({ caller, links }, 'gateway-1'));
    const { links: ways } = await get<{ links: object[] }>('/api/links');
    expect(ways).toContainEqual(
      expect.objectContaining({
        caller: { service: 'gateway', instance: 'gateway-1' },
        target: { service: 'pricing', instance: 'pricing-1' },
        state: 'up',
        methods: [METHOD],
      }),
    );
    const { services } = await get<{ services: object[] }>('/api/services');
    expect(services).toContainEqual(expect.objectContaining({ service: 'pricing' }));
  });

  it('shows one way between two instances however often they restart, and calls that found nobody', async () => {
    const way = (targetInstanceId: string, targetIncarnation: string) => {
      return { targetService: 'carts', targetInstanceId, targetIncarnation };
    };
    const links = [
      { ...way('carts-1', 'first'), state: monitor.LinkState.LINK_STATE_DOWN, since: new Date(1500) },
      { ...way('carts-1', 'second'), state: monitor.LinkState.LINK_STATE_UP, since: new Date(1600) },
    ];
    const targets = [way('carts-1', 'first'), way('carts-1', 'second'), way('', '')];
    const caller = targets.map((target) => ({ ...target, method: METHOD, outcomes, maxInFlight: 2 }));
    await client.report(reportOf({ caller, links }, 'web-1'));
    await client.report(reportOf({}, 'carts-1', 'second'));
    const { links: ways } = await get<{ links: { caller: { instance: string } }[] }>('/api/links');
    expect(ways.filter((each) => each.caller.instance === 'web-1')).toMatchObject([
      { target: { service: 'carts', instance: '' }, state: 'unknown' },
      { target: { service: 'carts', instance: 'carts-1' }, state: 'up' },
    ]);
  });

  it('refuses a report that names nobody, and names that cannot be keys', async () => {
    const nameless = { ...reportOf({}, 'pricing-1'), reporter: undefined };
    await expect(client.report(nameless)).rejects.toMatchObject({ kind: 'invalid-argument' });
    await expect(client.report(reportOf({}, 'pricing\n-1'))).rejects.toMatchObject({ code: 'REPORT_MALFORMED' });
  });

  it('raises an alarm for a run that ended without goodbye, and tells the webhook', async () => {
    await client.report(reportOf({}, 'orders-1'));
    await client.report(reportOf({}, 'orders-1', 'second'));
    const notice = await noticeOf('orders-1');
    const labels = {
      alertname: 'InstanceSilent',
      cause: 'silence',
      service: 'orders',
      instance: 'orders-1',
      severity: 'critical',
    };
    expect(notice).toMatchObject({ version: '4', status: 'firing' });
    expect(notice.alerts).toContainEqual(expect.objectContaining({ status: 'firing', labels }));
    const { active } = await get<{ active: object[] }>('/api/alarms');
    expect(active).toContainEqual(
      expect.objectContaining({ name: 'InstanceSilent', instance: 'orders-1', state: 'firing' }),
    );
  });

  it('starts in the midst of a running system without an alarm', async () => {
    const restarted = await startUnderTest(AppModule);
    try {
      const target = { targetService: 'pricing', targetInstanceId: 'pricing-1', targetIncarnation: 'first' };
      const faults = {
        codes: [{ code: 14, count: 50 }],
        latency: { buckets: [{ index: 90, count: 50 }], sumMicros: 1 },
      };
      const links = [{ ...target, state: monitor.LinkState.LINK_STATE_SUSPECT, since: new Date(0) }];
      const seen = { method: METHOD, outcomes: faults, maxInFlight: 9 };
      const again = restarted.client(MonitorServiceClient);
      await again.report(reportOf({ sequence: 900, mergedPeriods: 5, callee: [seen] }, 'pricing-1'));
      const caller = [{ ...target, ...seen }];
      await again.report(reportOf({ sequence: 700, mergedPeriods: 5, caller, links, lostCalls: 3 }, 'gateway-1'));
      const until = Date.now() + 1500;
      for (let at = 0; at < until;) {
        const overview = (await (await fetch(`${restarted.http}/api/overview`)).json()) as {
          at: string;
          status: string;
        };
        expect(overview.status).toBe('calm');
        at = Date.parse(overview.at);
      }
    } finally {
      await restarted.stop();
    }
  });

  it('shows on /metrics what it does itself', async () => {
    const metrics = await (await fetch(`${service.http}/metrics`)).text();
    expect(metrics).toMatch(/^rookery_monitor_alarms_firing\{alarm="InstanceSilent"\} \d/m);
    expect(metrics).toMatch(/^rookery_monitor_reports_total\{outcome="accepted"\} [1-9]/m);
    expect(metrics).toMatch(/^rookery_monitor_reports_total\{outcome="repeated"\} 1$/m);
    expect(metrics).toMatch(/^rookery_monitor_keys [1-9]/m);
    expect(metrics).toMatch(/^rookery_monitor_notifications_total\{outcome="delivered"\} [1-9]/m);
    expect(metrics).toMatch(/^rookery_monitor_notifications_waiting \d/m);
    expect(metrics).toMatch(/^rookery_monitor_lost_calls_total\{by="reporter"\} \d/m);
  });

  it.each([
    ['/', 'text/html', '<title>Rookery monitor</title>'],
    ['/service?name=pricing', 'text/html', 'src="service.js"'],
    ['/dashboard.js', 'text/javascript', './drawing.js'],
    ['/service.js', 'text/javascript', 'actors?'],
    ['/drawing.js', 'text/javascript', 'api/'],
    ['/dashboard.css', 'text/css', 'prefers-color-scheme'],
  ])('serves the page at %s', async (path, type, content) => {
    const response = await fetch(`${service.http}${path}`);
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toContain(content);
  });

  it.each(['/', '/service'])('lets the page at %s run nothing but its own script', async (path) => {
    const response = await fetch(`${service.http}${path}`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(await response.text()).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=/);
  });

  it.each(['dashboard', 'drawing', 'service'])('makes no markup of what it is told, in %s.js', async (name) => {
    const script = await (await fetch(`${service.http}/${name}.js`)).text();
    expect(script).not.toMatch(/\.innerHTML\s*=(?!=)|insertAdjacentHTML|outerHTML\s*=|document\.write|\beval\(/);
  });
});
