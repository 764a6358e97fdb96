import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rookery/runtime/testing';
import { LinkBook } from './link-book.js';

const target = { service: 'pricing', instanceId: 'pricing-1', incarnation: 'a' };

function book() {
  const time = new VirtualTime();
  const links = new LinkBook(time.clock);
  return { time, links, states: () => [...links.links()].map(({ state }) => state) };
}

describe('LinkBook', () => {
  it('tells nothing of a connection that is still being made', () => {
    const { links, states } = book();
    links.changed(target, 'connecting');
    expect(states()).toEqual([]);
  });

  it('tells since when a connection is what it is', () => {
    const { time, links } = book();
    links.changed(target, 'ready');
    time.advance(5000);
    links.changed(target, 'suspect');
    const since = time.clock.now();
    time.advance(5000);
    links.changed(target, 'suspect');
    expect([...links.links()]).toEqual([{ ...target, state: 'suspect', since }]);
  });

  it('calls a lost connection down until it is up again, also while it is being made', () => {
    const { links, states } = book();
    links.changed(target, 'ready');
    links.changed(target, 'down');
    links.changed(target, 'connecting');
    expect(states()).toEqual(['down']);
    links.changed(target, 'ready');
    expect(states()).toEqual(['up']);
  });

  it('remembers trouble for a minute after the connection was given up', () => {
    const { time, links, states } = book();
    links.changed(target, 'down');
    links.changed(target, 'gone');
    time.advance(59_000);
    expect(states()).toEqual(['down']);
    time.advance(2000);
    expect(states()).toEqual([]);
  });

  it('forgets at once who said goodbye', () => {
    const { links, states } = book();
    links.changed(target, 'ready');
    links.changed(target, 'leaving');
    links.changed(target, 'gone');
    expect(states()).toEqual([]);
  });
});
