import { describe, expect, it } from '@jest/globals';
import { certificateFile as certificate } from '@rookery/testkit';
import { ServiceConfig } from './service.config.js';
import { ConfigError, type Environment, readSettings, setting, settings, type SettingsClass } from './settings.js';
import { settingsPage } from './settings-page.js';

class ShopConfig extends settings({
  SHOPPERS: setting.decimal({ meaning: 'How many.', default: 20, min: 0, max: 100 }),
  SHOP_URL: setting.url({ meaning: 'Where.' }),
  SHOP_SECRET: setting.text({
    meaning: 'Proof.',
    isOptional: true,
    isSecret: true,
    pattern: /^.{8,}$/,
    allowed: 'at least 8 characters',
  }),
  SHOP_MODE: setting.oneOf(['calm', 'rush'], { meaning: 'Pace.', default: 'calm' }),
  SHOP_OPEN: setting.flag({ meaning: 'Open.', default: true }),
}) {}

function read<T extends object>(type: SettingsClass & (new (values: never) => T), environment: Environment): T {
  return readSettings([type], environment)[0] as T;
}

function problems(types: readonly SettingsClass[], environment: Environment): readonly string[] {
  try {
    readSettings(types, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('gives typed values and defaults', () => {
    const config: ShopConfig = read(ShopConfig, { SHOP_URL: 'http://shop.local/', SHOPPERS: '2.5', SHOP_OPEN: '0' });
    expect(config).toBeInstanceOf(ShopConfig);
    expect({ ...config }).toEqual({
      SHOPPERS: 2.5,
      SHOP_URL: 'http://shop.local',
      SHOP_SECRET: undefined,
      SHOP_MODE: 'calm',
      SHOP_OPEN: false,
    });
  });

  it('takes an empty value for not set', () => {
    expect(read(ShopConfig, { SHOP_URL: 'http://a', SHOPPERS: '' }).SHOPPERS).toBe(20);
  });

  it('names the variable, the value and what is allowed, for all problems at once', () => {
    expect(problems([ShopConfig, ServiceConfig], { SHOPPERS: 'many', SHOP_MODE: 'wild', GRPC_PORT: '70000' })).toEqual([
      'SHOPPERS is "many": it must be a number from 0 to 100.',
      'SHOP_URL is not set: it must be an http or https URL without a password. Where.',
      'SHOP_MODE is "wild": it must be one of calm, rush.',
      'GRPC_PORT is "70000": it must be a whole number from 0 to 65535.',
    ]);
  });

  it('never shows a secret', () => {
    const [problem] = problems([ShopConfig], { SHOP_URL: 'http://a', SHOP_SECRET: 'hunter2' });
    expect(problem).toBe('SHOP_SECRET is a secret of 7 characters (not shown): it must be at least 8 characters.');
  });

  it.each(['', ' ', '0x10', '1e3', 'NaN', 'Infinity', '-1', '1.5'])('refuses %j as a port', (text) => {
    const found = problems([ServiceConfig], { GRPC_PORT: text });
    expect(found).toHaveLength(text === '' ? 0 : 1);
  });
});

describe('ServiceConfig', () => {
  it('needs nothing from the environment', () => {
    expect(problems([ServiceConfig], {})).toEqual([]);
  });

  it('lets an empty REPORT_TO switch reports off', () => {
    expect(read(ServiceConfig, { REPORT_TO: '' }).REPORT_TO).toBe('');
  });

  it.each([
    ['ADVERTISE_HOST', ['0.0.0.0', '::', '10.0.0.256', 'host:80', 'http://host', '[::1]', 'a b', '-a', ' ', 'ö']],
    ['BIND_HOST', ['127.0.0.1:80', '127.1', ' ', '[::1]', 'eth7']],
    ['INSTANCE_ID', ['a/b', '../a', 'a b', 'a\nb', 'ö', '-a', 'a'.repeat(300)]],
    ['CONSUL_URL', ['consul:8500', 'localhost', 'ftp://consul', 'http://', '//consul', 'http://name:word@consul']],
    ['CONSUL_TOKEN', [' ', 'a b', 'token\n', 'ö']],
    ['AUTH_ISSUER', [' ', ' a', 'a\n']],
    ['SNAPSHOT_DIR', [' ', '/dev/null', '/dev/null/below']],
  ])('refuses as %s: %j', (name, texts) => {
    for (const text of texts) {
      const found = problems([ServiceConfig], { [name]: text, ALLOW_PLAINTEXT: 'true' });
      expect(found).toEqual([expect.stringMatching(new RegExp(`^${name} is .*: it must be `, 's'))]);
    }
  });

  it.each(['10.0.0.1', '::1', 'host', 'a-b.example.com', 'pricing_1.local'])('takes %s as ADVERTISE_HOST', (host) => {
    expect(problems([ServiceConfig], { ADVERTISE_HOST: host })).toEqual([]);
  });

  it('shows no password of a URL', () => {
    const found = problems([ServiceConfig], { CONSUL_URL: 'http://name:hunter2@consul' });
    expect(found).toEqual(['CONSUL_URL is "http://…@consul": it must be an http or https URL without a password.']);
  });

  it('refuses settings that contradict each other', () => {
    expect(problems([ServiceConfig], { DRAIN_PROPAGATION_MS: '1000', DRAIN_LIMIT_MS: '1000' })).toEqual([
      'DRAIN_PROPAGATION_MS is "1000": it must be less than DRAIN_LIMIT_MS, which is "1000".',
    ]);
    expect(problems([ServiceConfig], { GRPC_PORT: '5001', HTTP_PORT: '5001' })).toEqual([
      'HTTP_PORT is "5001": it must be another port than GRPC_PORT.',
    ]);
    expect(problems([ServiceConfig], { GRPC_PORT: '0', HTTP_PORT: '0' })).toEqual([]);
  });

  it('refuses plaintext where others can reach it, unless allowed', () => {
    expect(problems([ServiceConfig], { BIND_HOST: '0.0.0.0' })[0]).toContain('ALLOW_PLAINTEXT=true');
    expect(problems([ServiceConfig], { BIND_HOST: '0.0.0.0', ALLOW_PLAINTEXT: 'true' })).toEqual([]);
    expect(problems([ServiceConfig], { BIND_HOST: '127.0.0.2' })).toEqual([]);
  });

  it('refuses half of a key pair', () => {
    expect(problems([ServiceConfig], { TLS_CERT_FILE: certificate('provider.pem') })).toHaveLength(1);
  });

  it('takes a certificate with its key, and refuses what cannot serve as one', () => {
    const files = {
      TLS_CERT_FILE: certificate('provider.pem'),
      TLS_KEY_FILE: certificate('provider.key.pem'),
      TLS_CA_FILE: certificate('test-authority.pem'),
    };
    expect(problems([ServiceConfig], files)).toEqual([]);
    const strange = { ...files, TLS_KEY_FILE: certificate('stranger.key.pem') };
    expect(problems([ServiceConfig], strange)).toEqual([
      `TLS_KEY_FILE is "${strange.TLS_KEY_FILE}": the file does not belong to the certificate.`,
    ]);
    const folder = { ...files, TLS_CERT_FILE: '/etc' };
    expect(problems([ServiceConfig], folder)).toEqual([
      'TLS_CERT_FILE is "/etc": it must be the path of a readable file.',
    ]);
  });

  it('refuses an address that is not of this machine, and static instances that are none', () => {
    expect(problems([ServiceConfig], { BIND_HOST: 'not.a.host', ALLOW_PLAINTEXT: 'true' })).toEqual([
      expect.stringContaining('BIND_HOST is "not.a.host"'),
    ]);
    for (const text of ['nonsense', '[{"id":"a"}]', '{}']) {
      expect(problems([ServiceConfig], { REGISTRY: 'static', STATIC_INSTANCES: text })).toEqual([
        expect.stringContaining(`STATIC_INSTANCES is ${JSON.stringify(text)}`),
      ]);
    }
  });

  it('refuses tokens of the dev issuer in production', () => {
    const keys = { AUTH_JWKS_URL: 'http://keys.local/jwks.json' };
    expect(problems([ServiceConfig], { ...keys, NODE_ENV: 'production' })).toHaveLength(1);
    expect(problems([ServiceConfig], { ...keys, NODE_ENV: 'production', AUTH_ISSUER: 'https://id.example' })).toEqual(
      [],
    );
  });

  it('refuses faults in production and on open ports', () => {
    expect(problems([ServiceConfig], { FAULTS_ENABLED: 'true', NODE_ENV: 'production' })).toHaveLength(1);
    expect(
      problems([ServiceConfig], { FAULTS_ENABLED: 'true', BIND_HOST: '0.0.0.0', ALLOW_PLAINTEXT: 'true' }),
    ).toHaveLength(1);
    expect(problems([ServiceConfig], { FAULT_DELAY_MS: '5' })).toHaveLength(1);
  });
});

describe('settingsPage', () => {
  it('lists each setting with what is allowed, its default and its meaning', () => {
    const page = settingsPage([{ title: 'Shop', introduction: 'For the shop.', settings: ShopConfig }]);
    expect(page).toContain('| `SHOPPERS` | a number from 0 to 100 | `20` | How many. |');
    expect(page).toContain('| `SHOP_URL` | an http or https URL without a password | **required** | Where. |');
    expect(page).toContain('| `SHOP_SECRET` | at least 8 characters | none | Proof. |');
  });
});
