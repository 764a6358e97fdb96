import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { breakingChanges, lint, renewBaseline } from '../src/buf.js';
import { generate } from '../src/generator.js';
import { differences, writeAll } from '../src/output-folder.js';
import { outputFolderOf, repository } from '../src/workspace.js';
import { ContractWorkspace } from './contract-workspace.js';

const PRICING = 'rookery/pricing/v1/pricing_service.proto';

describe('The generator', () => {
  let workspace: ContractWorkspace;
  let current: ReadonlyMap<string, string>;

  beforeAll(async () => {
    current = (await generate(repository)).files;
  });

  beforeEach(async () => {
    workspace = await ContractWorkspace.create();
  });

  afterEach(async () => workspace.remove());

  it('writes the same from the same contracts, wherever they lie', async () => {
    expect([...(await generate(workspace)).files]).toEqual([...current]);
  });

  it('starts every file by saying that it is generated', () => {
    for (const text of current.values()) {
      expect(text.split('\n')[0]).toBe('// Generated from proto/ by `npm run generate`; do not edit.');
    }
  });

  it('picks up a new contract by its folder', async () => {
    await workspace.write(
      'rookery/order_2_cash/v1/order_2_cash_service.proto',
      `syntax = "proto3"; package rookery.order_2_cash.v1; import "rookery/options/v1/options.proto";
      service Order2CashService { rpc Settle(SettleRequest) returns (SettleResponse) { option (rookery.options.v1.access) = {internal: true}; } }
      message SettleRequest {} message SettleResponse {}`,
    );
    const after = (await generate(workspace)).files;
    expect([...after.keys()].filter((name) => !current.has(name))).toEqual([
      'messages/order2Cash.ts',
      'messages/rookery/order_2_cash/v1/order_2_cash_service.ts',
      'nest/rookery/order_2_cash/v1/order_2_cash_service.ts',
    ]);
    expect(after.get('nest/rookery/order_2_cash/v1/order_2_cash_service.ts')).toContain(`service: 'order-2-cash'`);
    expect(after.get('nest/index.ts')).toContain('Order2CashServiceClient');
    expect(after.get('messages/index.ts')).toContain('order2Cash');
  });

  it('lists what differs, and after writing nothing does', async () => {
    const files = current;
    const output = outputFolderOf(workspace);
    await writeAll(workspace, files);
    expect(await differences(workspace, files)).toEqual([]);
    await writeFile(path.join(output, 'nest/index.ts'), 'changed by hand');
    await rm(path.join(output, 'messages/index.ts'));
    await mkdir(path.join(output, 'nest/old'));
    await writeFile(path.join(output, 'nest/old/gone.ts'), 'from a contract that is gone');
    const stale = ['messages/index.ts', 'nest/index.ts', 'nest/old/gone.ts'];
    expect(await differences(workspace, files)).toEqual(stale);
    expect(await writeAll(workspace, files)).toEqual(stale);
    expect(await differences(workspace, files)).toEqual([]);
  });

  it('notes two services that claim one route, as one may be about to move', async () => {
    const text = await workspace.read(PRICING);
    const moved = text.replaceAll('rookery.pricing.v1', 'rookery.tariff.v1').replace('PricingService', 'TariffService');
    await workspace.write('rookery/tariff/v1/tariff_service.proto', moved);
    expect((await generate(workspace)).notes).toEqual([
      'rookery/tariff/v1/tariff_service.proto: rookery.tariff.v1.TariffService.QuotePrice: its http route POST /v1/quotes is that of rookery.pricing.v1.PricingService.QuotePrice',
      'rookery/tariff/v1/tariff_service.proto: rookery.tariff.v1.TariffService.GetPrice: its http route GET /v1/prices/* is that of rookery.pricing.v1.PricingService.GetPrice',
    ]);
  });

  it('writes code from any contract that compiles under the strictest settings', async () => {
    await workspace.addFixture();
    await writeAll(workspace, (await generate(workspace)).files);
    expect(await workspace.compile()).toBe('');
  });

  it('takes the example of the guide, and buf has nothing against it', async () => {
    const guide = await readFile(path.join(repository.root, 'docs/guides/contracts.md'), 'utf8');
    const example = /```proto\n(.*?)```/s.exec(guide)?.[1] ?? '';
    await workspace.write('rookery/billing/v1/billing_service.proto', example);
    const { files } = await generate(workspace);
    expect(files.get('nest/rookery/billing/v1/billing_service.ts')).toContain(`scopes: ['billing:read']`);
    expect(await lint(workspace)).toEqual([]);
  });

  it('passes on what protoc holds against a file', async () => {
    await workspace.write('rookery/broken/v1/broken.proto', 'syntax = "proto3"; message Broken { strin name = 1; }');
    await expect(generate(workspace)).rejects.toThrow(
      /protoc refuses the contracts:\s+rookery\/broken\/v1\/broken\.proto:1:.*.*strin.* is not defined/,
    );
  });
});

describe('buf', () => {
  let workspace: ContractWorkspace;

  beforeEach(async () => {
    workspace = await ContractWorkspace.create();
  });

  afterEach(async () => workspace.remove());

  it('has nothing against the contracts as they are', async () => {
    expect(await lint(workspace)).toEqual([]);
    expect(await breakingChanges(workspace)).toEqual([]);
  });

  it.each([
    [
      'another type',
      /int64 minor_units = 2;/,
      'string minor_units = 2;',
      /Field "2" .* changed type from "int64" to "string"/,
    ],
    [
      'another name in JSON',
      /int64 minor_units = 2;/,
      'int64 cents = 2;',
      /Field "2" .* changed name from "minor_units" to "cents"/,
    ],
    ['a field gone', /int64 minor_units = 2;/, '', /Previously present field "2" .* was deleted/],
    ['a method gone', / {2}rpc GetPrice\(.*?\n {2}\}\n/s, '', /Previously present RPC "GetPrice" .* was deleted/],
  ])('refuses %s', async (_what, found, replacement, says) => {
    const text = await workspace.read(PRICING);
    expect(text).toMatch(found);
    await workspace.write(PRICING, text.replace(found, replacement));
    expect(await breakingChanges(workspace)).toContainEqual(expect.stringMatching(says));
    await renewBaseline(workspace);
    expect(await breakingChanges(workspace)).toEqual([]);
  });

  it('lets a field be added', async () => {
    const text = await workspace.read(PRICING);
    await workspace.write(PRICING, text.replace('int64 minor_units = 2;', 'int64 minor_units = 2; string note = 3;'));
    expect(await breakingChanges(workspace)).toEqual([]);
  });

  it('refuses names that are out of style', async () => {
    const text = await workspace.read(PRICING);
    await workspace.write(PRICING, text.replace('rpc GetPrice(', 'rpc getPrice('));
    expect(await lint(workspace)).toContainEqual(expect.stringContaining('RPC name "getPrice" should be PascalCase'));
  });
});
