import { expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { LiveRoutes } from './live-routes.js';

it('routes that cannot be rebuilt are reported, and neither who refreshes them nor the end of their settling fails', () => {
  const time = new VirtualTime();
  const reported: unknown[] = [];
  const catalogue = { providers: [], isSettled: false, isComplete: false };
  const routes = new LiveRoutes(catalogue, time, (error) => reported.push(error));
  const broken = new Error('no routes');
  routes.onChange(() => {
    throw broken;
  });
  routes.refresh();
  expect([reported, routes.isSettled]).toEqual([[broken], false]);
  time.advance(3100);
  expect([reported, routes.isSettled]).toEqual([[broken, broken], true]);
});
