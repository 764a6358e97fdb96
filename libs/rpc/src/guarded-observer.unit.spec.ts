import { describe, expect, it, jest } from '@jest/globals';

import { CallObserver, type CallRecord } from './call-observer.port.js';
import { GuardedObserver } from './guarded-observer.js';

const target = { service: 's', instanceId: 'i', incarnation: 'n' };
const record: CallRecord = { method: '/a/B', code: 0, durationMs: 1, transport: 'link', isStream: false };

class Broken extends CallObserver {
  callerStarted(): void {
    throw new Error('callerStarted');
  }
  callerEnded(): void {
    throw new Error('callerEnded');
  }
  connectionChanged(): void {
    throw new Error('connectionChanged');
  }
  calleeStarted(): void {
    throw new Error('calleeStarted');
  }
  calleeEnded(): void {
    throw new Error('calleeEnded');
  }
}

function tellAll(observer: CallObserver): void {
  observer.callerStarted('/a/B', target);
  observer.callerEnded(record);
  observer.connectionChanged(target, 'ready', 'handshake done');
  observer.calleeStarted('/a/B');
  observer.calleeEnded(record);
}

describe('an observer behind its guard', () => {
  it('may throw: each fault becomes a warning', () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    tellAll(new GuardedObserver(new Broken()));
    expect(warned.mock.calls.map(([message]) => message)).toEqual([
      'callerStarted',
      'callerEnded',
      'connectionChanged',
      'calleeStarted',
      'calleeEnded',
    ]);
    warned.mockRestore();
  });

  it('may be absent', () => {
    expect(() => tellAll(new GuardedObserver(undefined))).not.toThrow();
  });
});
