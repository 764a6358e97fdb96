import { describe, expect, it } from '@jest/globals';
import { plan } from './servers.mjs';

const suites = {
  'a.int.spec.ts': "const url = process.env['CONSUL_URL'];",
  'b.int.spec.ts': "process.env['PROMTOOL']",
};

describe('suites that need a server', () => {
  it('run when their variable is set', () => {
    const { runnable } = plan(suites, { CONSUL_URL: 'http://127.0.0.1:8500' }, false);
    expect(runnable).toEqual(['a.int.spec.ts']);
  });

  it('are skipped on a laptop, with how to start the server', () => {
    const { skips, reasons } = plan(suites, {}, false);
    expect(reasons).toEqual([]);
    expect(skips[0]).toMatch(/^a\.int\.spec\.ts needs CONSUL_URL: .*consul agent -dev/);
  });

  it('fail in continuous integration, but for an optional one', () => {
    const { skips, reasons } = plan(suites, {}, true);
    expect(reasons).toEqual([expect.stringMatching(/^a\.int\.spec\.ts needs CONSUL_URL/)]);
    expect(skips).toEqual([expect.stringMatching(/^b\.int\.spec\.ts needs PROMTOOL/)]);
  });

  it('do not take an empty variable for a server', () => {
    expect(plan(suites, { CONSUL_URL: '' }, false).runnable).toEqual([]);
  });
});
