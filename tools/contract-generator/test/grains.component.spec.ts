import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CounterServiceClient,
  CounterServiceDefinition,
  CounterServiceGrainClient,
  PricingServiceDefinition,
} from '@rookery/contracts/nest';
import { ContractError, type Problem } from '../src/contract-error.js';
import { generate } from '../src/generator.js';
import { writeAll } from '../src/output-folder.js';
import { ContractWorkspace } from './contract-workspace.js';
import { CounterGrain } from './counter.grain.js';

const OUTPUT = 'nest/rookery/fixture/v1/grain_service.ts';

/** Code of someone who has an actors library: what compiles against the generated types is what they promise. */
const use = `import type { fixture } from './messages/index.js';
import { type GrainCallOptions, type KeeperServiceGrain, KeeperServiceGrainClient } from './nest/index.js';

interface GrainContext { readonly identity: string }

export class KeeperGrain implements KeeperServiceGrain<GrainContext> {
  async keep(request: fixture.KeepRequest, context: GrainContext): Promise<fixture.Part> {
    return { code: (request.thing?.id ?? '') + context.identity };
  }
  find(_request: fixture.FindRequest, _context: GrainContext) { return {}; }
  rest() { return {}; }
}

export abstract class Grains {
  abstract get<T>(kind: { readonly definition: { readonly isGrain: boolean }; readonly prototype: T }, identity: string): T;
}

export async function codeOf(grains: Grains, id: string): Promise<string> {
  const options: GrainCallOptions = { timeoutMs: 100, headers: { traceparent: 'a' } };
  return (await grains.get(KeeperServiceGrainClient, id).keep({ thing: { id } }, options)).code;
}`;

describe('A service that is the protocol of a grain', () => {
  let workspace: ContractWorkspace;
  let files: ReadonlyMap<string, string>;

  beforeAll(async () => {
    workspace = await ContractWorkspace.create();
    await workspace.addFixture();
    ({ files } = await generate(workspace));
  });

  afterAll(async () => workspace.remove());

  it('has an interface for the grain and a class for its clients, which its users compile against', async () => {
    await writeAll(workspace, new Map([...files, ['use.ts', use]]));
    expect(await workspace.compile()).toBe('');
  });

  it('takes the comments of the contract along, to the grain as to its clients', () => {
    expect(files.get(OUTPUT)?.match(/\/\*\* For grain clients alone\. \*\//g)).toHaveLength(4);
  });

  it('keeps what every service has, and others have nothing of a grain', () => {
    const index = files.get('nest/index.ts') ?? '';
    expect(index).toContain('KeeperServiceControllerMethods');
    expect(index).toContain('type ShelfServiceController');
    expect(index).not.toContain('ShelfServiceGrain');
    expect(files.get(OUTPUT)?.match(/isGrain: \w+/g)).toEqual(['isGrain: true', 'isGrain: false']);
  });

  it('says so in its definition, which the class of its grain clients carries', () => {
    expect(CounterServiceGrainClient.definition).toBe(CounterServiceClient.definition);
    expect(CounterServiceDefinition).toMatchObject({ name: 'rookery.testing.v1.CounterService', isGrain: true });
    expect(PricingServiceDefinition.isGrain).toBe(false);
  });

  it('is implemented by a plain class', () => {
    const grain = new CounterGrain('a');
    grain.add({ counterId: 'c', amount: 2 });
    expect(grain.add({ counterId: 'c', amount: 3 })).toEqual({ total: 5, instance: 'a' });
    expect(grain.getTotal()).toEqual({ total: 5, instance: 'a' });
  });
});

const FILE = 'rookery/odd/v1/odd_service.proto';
const INTERNAL = 'option (rookery.options.v1.access) = {internal: true};';
const PUBLIC = 'option (rookery.options.v1.access) = {public: true};';
const key = (path: string): string => `option (rookery.options.v1.routing_key) = "${path}";`;

/** One method for each thing that no grain can serve: its signature, its options, and what the generator says. */
const methods: Readonly<Record<string, readonly [signature: string, options: string, ...says: string[]]>> = {
  Down: [
    '(Request) returns (stream Response)',
    INTERNAL,
    'streams, and its service is a grain: a grain takes one message at a time and would take no other while the stream is open',
  ],
  Up: [
    '(stream Request) returns (Response)',
    PUBLIC,
    'streams, and its service is a grain: a grain takes one message at a time and would take no other while the stream is open',
    'has no routing_key, so only grain clients within the system can call it: its access must be internal',
  ],
  Unrouted: [
    '(Request) returns (Response)',
    'option (rookery.options.v1.access) = {scopes: "odd:read"};',
    'has no routing_key, so only grain clients within the system can call it: its access must be internal',
  ],
  UnroutedOverHttp: [
    '(Request) returns (Response)',
    `${PUBLIC} option (google.api.http) = {post: "/v1/odd/{id}"};`,
    'has an http route and no routing_key, so the gateway could not tell which grain is meant',
  ],
  Ratio: [
    '(Request) returns (Response)',
    INTERNAL + key('ratio'),
    'its routing_key "ratio" names a double; an identity is a string or a whole number',
  ],
  Flag: [
    '(Request) returns (Response)',
    INTERNAL + key('flag'),
    'its routing_key "flag" names a bool; an identity is a string or a whole number',
  ],
  EmptyIdentity: [
    '(Request) returns (Response)',
    INTERNAL + key('id'),
    'its routing_key "id" may be absent, and no grain is without identity: require id',
  ],
  AbsentOnTheWay: [
    '(Request) returns (Response)',
    INTERNAL + key('inner.serial'),
    'its routing_key "inner.serial" may be absent, and no grain is without identity: require inner and serial',
  ],
  UnknownKey: [
    '(Request) returns (Response)',
    INTERNAL + key('sku'),
    'its routing_key "sku" names no field: rookery.odd.v1.Request has no "sku"',
  ],
  Unsaid: [
    '(Request) returns (Response)',
    '',
    'says not who may call: set (rookery.options.v1.access) to scopes, public or internal',
  ],
};

const odd = `syntax = "proto3";
package rookery.odd.v1;
import "google/api/annotations.proto";
import "rookery/options/v1/options.proto";
service OddService {
  option (rookery.options.v1.grain) = true;
  ${Object.entries(methods)
    .map(([name, [signature, options]]) => `rpc ${name}${signature} { ${options} }`)
    .join('\n')}
}
service EmptyService { option (rookery.options.v1.grain) = true; }
service OddServiceGrain {}
message Inner { optional int64 serial = 1; }
message Response {}
message Request {
  string id = 1;
  double ratio = 2;
  bool flag = 3;
  Inner inner = 4;
}`;

describe('The generator refuses a grain', () => {
  let problems: readonly Problem[] = [];

  beforeAll(async () => {
    const workspace = await ContractWorkspace.create();
    try {
      await workspace.write(FILE, odd);
      await generate(workspace);
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      ({ problems } = error);
    } finally {
      await workspace.remove();
    }
  });

  const said = (subject: string): string[] =>
    problems
      .filter((problem) => problem.file === FILE && problem.subject === `rookery.odd.v1.${subject}`)
      .map(({ description }) => description);

  it.each(Object.entries(methods))('with a method like %s', (name, [, , ...says]) => {
    expect(said(`OddService.${name}`)).toEqual(says);
  });

  it('without a method', () => {
    expect(said('EmptyService')).toEqual(['is a grain without a method: nobody could ask it for anything']);
  });

  it('whose generated classes meet those of another service', () => {
    expect(said('OddServiceGrain')).toEqual([
      'the name OddServiceGrain is taken by rookery.odd.v1.OddService: generated classes are called after it',
    ]);
  });

  it('for nothing else, and says all of it at once', () => {
    const said = Object.values(methods).flatMap(([, , ...says]) => says);
    expect(problems).toHaveLength(said.length + 2);
  });
});
