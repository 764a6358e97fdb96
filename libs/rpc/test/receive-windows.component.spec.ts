import { connect } from 'node:http2';

import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '@rookery/testkit';

import { response, Stage } from './provider.js';

const stage = new Stage();
afterEach(() => stage.close());

const MIB = 1024 * 1024;

describe('a provider', () => {
  it('lets callers send 1 MiB ahead, on a stream and on a connection', async () => {
    const { port } = await stage.provider('p1', { unaryCall: () => response });
    const session = connect(`http://127.0.0.1:${port}`);
    try {
      await until('it has told its windows', () => session.state.remoteWindowSize === MIB);
      expect(session.remoteSettings.initialWindowSize).toBe(MIB);
    } finally {
      session.destroy();
    }
  });
});
