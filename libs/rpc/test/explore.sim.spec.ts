import { it } from '@jest/globals';
import { SimulatedTraffic, failing } from './simulated-traffic.js';
it('explore', () => {
  const out: string[] = [];
  for (const n of [2, 3, 10])
    for (const callShare of [0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97]) {
      const row: string[] = [];
      for (const seed of [1, 2]) {
        const t = new SimulatedTraffic('p2c-ewma', seed);
        t.addSteady(n);
        t.run(10000);
        t.set('i0', { ...failing(14), callShare });
        t.run(10000);
        row.push((t.run(60000).share('i0') * n).toFixed(3));
        const u = new SimulatedTraffic('p2c-ewma', seed);
        const ids = u.addSteady(n);
        for (const id of ids) u.set(id, { code: 14, fromMs: 10, toMs: 30, callShare });
        u.run(10000);
        const x = u.run(10000);
        row.push('all: ' + ids.map((id) => (x.share(id) * n).toFixed(2)).join(' '));
      }
      out.push(`n ${n} errors ${callShare}: parity ${row}`);
    }
  console.log(out.join('\n'));
});
