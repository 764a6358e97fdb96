import { beforeAll, describe, expect, it } from '@jest/globals';
import { ContractError, type Problem } from '../src/contract-error.js';
import { generate } from '../src/generator.js';
import { ContractWorkspace } from './contract-workspace.js';

const FILE = 'rookery/wrong/v1/wrong_service.proto';
const OPEN = 'option (rookery.options.v1.access) = {public: true};';

/** One method for each thing that is wrong with a method: its options, and what the generator says. */
const methods: Readonly<Record<string, readonly [options: string, says: string]>> = {
  NoAccess: ['', 'says not who may call: set (rookery.options.v1.access) to scopes, public or internal'],
  EmptyAccess: [
    'option (rookery.options.v1.access) = {};',
    'its access is empty: name scopes, or set public or internal',
  ],
  PublicWithScopes: [
    'option (rookery.options.v1.access) = {public: true, scopes: "a"};',
    'its access takes one of scopes, public and internal, not several',
  ],
  PublicAndInternal: [
    'option (rookery.options.v1.access) = {public: true, internal: true};',
    'its access takes one of scopes, public and internal, not several',
  ],
  ScopeWithSpace: [
    'option (rookery.options.v1.access) = {scopes: "a b"};',
    'the scope "a b" is empty or holds a character no token can',
  ],
  SameScopeTwice: ['option (rookery.options.v1.access) = {scopes: ["a", "a"]};', 'its access names a scope twice'],
  UnknownRoutingKey: [
    `${OPEN} option (rookery.options.v1.routing_key) = "sku";`,
    'its routing_key "sku" names no field: rookery.wrong.v1.Request has no "sku"',
  ],
  RoutingKeyInJsonCase: [
    `${OPEN} option (rookery.options.v1.routing_key) = "inner.deepId";`,
    'its routing_key "inner.deepId" names no field: rookery.wrong.v1.Inner has no "deepId"',
  ],
  RoutingKeyThroughList: [
    `${OPEN} option (rookery.options.v1.routing_key) = "inners.deep_id";`,
    'its routing_key "inners.deep_id" goes on after inners, which is no single message',
  ],
  RoutingKeyOnMessage: [
    `${OPEN} option (rookery.options.v1.routing_key) = "inner";`,
    'its routing_key "inner" names a message field; a single string or number is needed',
  ],
  HttpVariable: [
    `${OPEN} option (google.api.http) = {post: "/v1/wrong/{nothing}"};`,
    'in its http path "/v1/wrong/{nothing}" the variable {nothing} names no field: rookery.wrong.v1.Request has no "nothing"',
  ],
  HttpVariableOnMessage: [
    `${OPEN} option (google.api.http) = {post: "/v1/message/{inner}"};`,
    'in its http path "/v1/message/{inner}" the variable {inner} names a message field',
  ],
  HttpVariableTwice: [
    `${OPEN} option (google.api.http) = {post: "/v1/{id}/twice/{id}"};`,
    'its http path "/v1/{id}/twice/{id}" uses a variable twice',
  ],
  HttpPath: [
    `${OPEN} option (google.api.http) = {post: "v1/wrong"};`,
    'its http path "v1/wrong" is malformed: expected such as /v1/orders/{order_id} or /v1/orders/{id}:cancel',
  ],
  HttpBody: [
    `${OPEN} option (google.api.http) = {post: "/v1/body", body: "nothing"};`,
    'its http body names no field: rookery.wrong.v1.Request has no "nothing"',
  ],
  HttpGetWithBody: [
    `${OPEN} option idempotency_level = NO_SIDE_EFFECTS; option (google.api.http) = {get: "/v1/get-body", body: "*"};`,
    'a get route has no body',
  ],
  HttpGetWithEffects: [
    `${OPEN} option (google.api.http) = {get: "/v1/get-effects"};`,
    'has a get route, so its idempotency_level must be NO_SIDE_EFFECTS',
  ],
  HttpCustomVerb: [
    `${OPEN} option (google.api.http) = {custom: {kind: "HEAD", path: "/v1/head"}};`,
    'its http route needs one of get, put, post, delete and patch',
  ],
  HttpResponseBody: [
    `${OPEN} option (google.api.http) = {post: "/v1/response-body", response_body: "x"};`,
    'its http route has a response_body, which the gateway does not serve: the response is the whole message',
  ],
  HttpInternal: [
    'option (rookery.options.v1.access) = {internal: true}; option (google.api.http) = {post: "/v1/internal"};',
    'is internal, so it cannot have an http route',
  ],
  HttpTakenRoute: [
    `${OPEN} option (google.api.http) = {post: "/v1/same/{id}" additional_bindings {post: "/v1/same/{inner.deep_id}"}};`,
    'its http route POST /v1/same/* is that of rookery.wrong.v1.WrongService.HttpTakenRoute',
  ],
  OnModuleInit: [OPEN, 'the name OnModuleInit has a meaning of its own in JavaScript or Nest; choose another'],
};

/** One field for each rule that is wrong: its type, its rules, and what the generator says. */
const fields: Readonly<Record<string, readonly [type: string, rules: string, says: string]>> = {
  length_of_number: ['int32', 'max_length: 3', 'min_length and max_length fit string and bytes, not number'],
  pattern_of_bytes: ['bytes', 'pattern: "a"', 'pattern fits string, not bytes'],
  min_of_string: ['string', 'min: 1', 'min and max fit numbers, not string'],
  max_of_enum: ['Kind', 'max: 1', 'min and max fit numbers, not enum'],
  length_of_messages: [
    'repeated Inner',
    'max_length: 3',
    'min_length and max_length fit string and bytes, not list of message',
  ],
  items_of_string: ['string', 'max_items: 1', 'min_items and max_items fit repeated and map fields, not string'],
  required_bool: ['bool', 'required: true', 'required cannot tell an absent bool from false: make the field optional'],
  reversed_length: ['string', 'min_length: 3, max_length: 2', 'min_length is larger than max_length'],
  reversed_items: ['repeated string', 'min_items: 3, max_items: 2', 'min_items is larger than max_items'],
  reversed_bounds: ['double', 'min: 3, max: 2', 'min is larger than max'],
  infinite_bound: ['double', 'max: inf', 'min and max must be finite'],
  unsafe_bound: ['int64', 'max: 1e17', 'min and max must lie within ±(2^53 − 1)'],
  empty_rules: ['string', '', 'its rules are empty'],
  bad_pattern: [
    'string',
    'pattern: "[a"',
    'pattern is no regular expression: Invalid regular expression: /[a/u: Unterminated character class',
  ],
  unbalanced_pattern: [
    'string',
    'pattern: "a)|(b"',
    "pattern is no regular expression: Invalid regular expression: /a)|(b/u: Unmatched ')'",
  ],
};

const wrong = `syntax = "proto3";
package rookery.wrong.v1;
import "google/api/annotations.proto";
import "rookery/options/v1/options.proto";
service WrongService {
  ${Object.entries(methods)
    .map(([name, [options]]) => `rpc ${name}(Request) returns (Response) { ${options} }`)
    .join('\n')}
  rpc StreamWithRoutingKey(stream Request) returns (Response) { ${OPEN} option (rookery.options.v1.routing_key) = "id"; }
  rpc StreamOverHttp(stream Request) returns (Response) { ${OPEN} option (google.api.http) = {post: "/v1/stream"}; }
}
enum Kind { KIND_UNSPECIFIED = 0; }
message Inner { string deep_id = 1; }
message Response {}
message Request {
  string id = 1;
  Inner inner = 2;
  repeated Inner inners = 3;
  oneof choice { string chosen = 4 [(rookery.options.v1.rules) = {required: true}]; }
  string renamed = 5 [json_name = "other"];
  ${Object.entries(fields)
    .map(
      ([name, [type, rules]], index) =>
        `${type} ${name} = ${String(index + 10)} [(rookery.options.v1.rules) = {${rules}}];`,
    )
    .join('\n')}
}`;

const strays: Readonly<Record<string, string>> = {
  'acme/stray.proto': `syntax = "proto3"; package acme; message Nothing {} service StrayService {}`,
  'rookery/health/v1/health.proto': `syntax = "proto3"; package rookery.health.v1; message Pulse {}`,
  'rookery/twin/v1/twin.proto': `syntax = "proto3"; package rookery.twin.v1; service PricingService {}`,
};

describe('The generator refuses', () => {
  let problems: readonly Problem[] = [];
  let message = '';

  beforeAll(async () => {
    const workspace = await ContractWorkspace.create();
    try {
      await workspace.write(FILE, wrong);
      for (const [name, text] of Object.entries(strays)) await workspace.write(name, text);
      await generate(workspace);
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      ({ problems, message } = error);
    } finally {
      await workspace.remove();
    }
  });

  const said = (subject: string): string[] =>
    problems.filter((problem) => problem.subject === subject).map(({ description }) => description);

  it.each(Object.entries(methods))('a method with %s', (name, [, says]) => {
    expect(said(`rookery.wrong.v1.WrongService.${name}`)).toContain(says);
  });

  it.each(Object.entries(fields))('a field with %s', (name, [, , says]) => {
    expect(said(`rookery.wrong.v1.Request.${name}`)).toContain(says);
  });

  it('streams with a routing key or a request stream over HTTP', () => {
    expect(said('rookery.wrong.v1.WrongService.StreamWithRoutingKey')).toEqual([
      'a routing_key needs one request and one response; streams have no single owner',
    ]);
    expect(said('rookery.wrong.v1.WrongService.StreamOverHttp')).toEqual([
      'takes a stream of requests, which an http route cannot carry',
    ]);
  });

  it('a required member of a oneof', () => {
    expect(said('rookery.wrong.v1.Request.chosen')).toEqual(['a member of a oneof cannot be required']);
  });

  it('a field whose name in JSON differs from its name in TypeScript', () => {
    expect(said('rookery.wrong.v1.Request.renamed')).toEqual([
      'is other in JSON and renamed in TypeScript: choose a plain snake_case name',
    ]);
  });

  it('a service without a name for the registry, and names that two contracts want', () => {
    expect(said('acme.StrayService')).toEqual([
      'the package acme gives the service no name in the registry: expected rookery.<service>.v<number>',
    ]);
    expect(said('rookery.health.v1')).toEqual(['the name health is taken by grpc.health.v1']);
    expect(said('rookery.twin.v1.PricingService')).toEqual([
      'the name PricingService is taken by rookery.pricing.v1.PricingService: generated classes are called after it',
    ]);
  });

  it('nothing else, and names file and method of all of it in one message', () => {
    const expected = Object.keys(methods).length + Object.keys(fields).length + 4 + 3;
    expect(new Set(problems.map(({ subject }) => subject)).size).toBe(expected);
    expect(message).toContain(`${FILE}: rookery.wrong.v1.WrongService.NoAccess: says not who may call`);
  });
});
