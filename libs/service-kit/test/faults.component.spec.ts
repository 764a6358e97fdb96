import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { ServiceKitModule } from '../src/index.js';
import { type ServiceUnderTest, startUnderTest } from '../src/testing/index.js';

@Module({ imports: [ServiceKitModule.forRoot({ name: 'pricing' })] })
class IdleModule {}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

describe('PUT /faults', () => {
  let service: ServiceUnderTest;

  beforeEach(async () => {
    service = await startUnderTest(IdleModule, { FAULTS_ENABLED: 'true', FAULT_DELAY_MS: '7' });
  });

  afterEach(() => service.stop());

  const put = (body: string, type: string) =>
    fetch(`${service.http}/faults`, { method: 'PUT', headers: { 'content-type': type }, body });

  it('changes what it names', async () => {
    const response = await put('{"errorRate":0.5}', JSON_TYPE);
    expect([response.status, await response.json()]).toEqual([200, { delayMs: 7, errorRate: 0.5 }]);
  });

  it.each([
    ['another key', JSON_TYPE, '{"delay":200}', /^delay is not known: .*delayMs.*errorRate/],
    ['another key beside a known one', JSON_TYPE, '{"delayMs":200,"toString":1}', /^toString is not known/],
    ['JSON that says it is a form', FORM_TYPE, '{"delayMs":200}', /^{"delayMs":200} is not known: .*application\/json/],
    ['a form', FORM_TYPE, 'delayMs=200', /^delayMs must be a number from 0 to 60000/],
    ['null for a number', JSON_TYPE, '{"delayMs":null}', /^delayMs must be a number/],
    ['a number out of range', JSON_TYPE, '{"errorRate":2}', /^errorRate must be a number from 0 to 1/],
    ['a list', JSON_TYPE, '[]', /^send .*delayMs.*errorRate/],
    ['nothing', JSON_TYPE, '{}', /^send .*delayMs.*errorRate/],
    ['null', JSON_TYPE, 'null', /^send .*delayMs.*errorRate/],
  ])('refuses %s, and changes nothing', async (_what, type, body, message) => {
    const response = await put(body, type);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.stringMatching(message) });
    const plan = await fetch(`${service.http}/faults`);
    expect(await plan.json()).toEqual({ delayMs: 7, errorRate: 0 });
  });
});
