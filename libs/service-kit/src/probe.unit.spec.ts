import { describe, expect, it } from '@jest/globals';
import { ownHttpUrl } from './probe.js';

describe('the own HTTP port', () => {
  it.each([
    [{ HTTP_PORT: '8081' }, 'http://127.0.0.1:8081'],
    [{ HTTP_PORT: '8081', BIND_HOST: '0.0.0.0', TLS_CERT_FILE: '' }, 'http://127.0.0.1:8081'],
    [{ HTTP_PORT: '8081', BIND_HOST: '0.0.0.0', TLS_CERT_FILE: '/tls/cert.pem' }, 'https://127.0.0.1:8081'],
    [{ HTTP_PORT: '8081', BIND_HOST: '::', TLS_CERT_FILE: '/tls/cert.pem' }, 'https://[::1]:8081'],
    [{ HTTP_PORT: '8081', BIND_HOST: '10.0.0.7' }, 'http://10.0.0.7:8081'],
  ])('with %j is at %s', (environment, url) => {
    expect(ownHttpUrl(environment)).toBe(url);
  });
});
