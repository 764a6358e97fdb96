import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FieldViolation, MethodDefinition, ServiceDefinition } from '@rookery/contracts/nest';
import { ContractWorkspace } from './contract-workspace.js';

interface Part {
  code: string;
}

interface CheckRequest {
  name: string;
  nick?: string | undefined;
  note: string;
  key: Uint8Array;
  ratio: number;
  level?: number | undefined;
  count: number;
  kind: number;
  tags: string[];
  counts: Record<string, number>;
  part: Part | undefined;
  parts: Part[];
  partsByZone: Record<string, Part>;
  text?: string | undefined;
  piece?: Part | undefined;
  again: CheckRequest | undefined;
  at: Date | undefined;
  agreed?: boolean | undefined;
  keys: Uint8Array[];
}

const good: CheckRequest = {
  name: 'abc',
  note: '',
  key: Uint8Array.of(1),
  ratio: 0.5,
  level: 0,
  count: -1,
  kind: 1,
  tags: ['a'],
  counts: {},
  part: { code: 'x' },
  parts: [],
  partsByZone: {},
  again: undefined,
  at: new Date(0),
  agreed: false,
  keys: [Uint8Array.of()],
};

/** A change to the good request, and what is said of it: `field: description`. */
const cases: readonly (readonly [Partial<CheckRequest>, ...string[]])[] = [
  [{}],
  [{ name: '' }, 'name: is required'],
  [{ name: 'a' }, 'name: needs at least 2 characters'],
  [{ name: 'abcdef' }, 'name: has more than 5 characters'],
  [{ name: '😀😀😀😀😀' }],
  [{ name: '😀' }, 'name: needs at least 2 characters'],
  [{ name: 'Ab' }, 'name: does not match [a-z😀]+'],
  [{ name: 'ab\n' }, 'name: does not match [a-z😀]+'],
  [{ name: 'ABCDEF' }, 'name: has more than 5 characters', 'name: does not match [a-z😀]+'],
  [{ nick: undefined }],
  [{ nick: '' }, 'nick: needs at least 2 characters'],
  [{ nick: `/"'\`` }],
  [{ nick: 'A!' }, `nick: does not match [a-z]*|/"'\`$`],
  [{ nick: 'abc' }],
  [{ note: 'b' }, 'note: does not match a+'],
  [{ key: Uint8Array.of() }, 'key: needs at least 1 byte'],
  [{ key: new Uint8Array(5) }, 'key: has more than 4 bytes'],
  [{ ratio: 0 }],
  [{ ratio: 1 }],
  [{ ratio: -0.1 }, 'ratio: must be at least 0'],
  [{ ratio: 1.1 }, 'ratio: must be at most 1'],
  [{ ratio: NaN }, 'ratio: must be at least 0', 'ratio: must be at most 1'],
  [{ level: undefined }, 'level: is required'],
  [{ level: -4 }, 'level: must be at least -3'],
  [{ count: 0 }, 'count: is required'],
  [{ kind: 0 }, 'kind: is required'],
  [{ tags: [] }, 'tags: needs at least 1 entry'],
  [
    { tags: ['a', '', 'ABCDE'] },
    'tags[1]: needs at least 1 character',
    'tags[2]: has more than 4 characters',
    'tags[2]: does not match [a-z]*',
  ],
  [{ tags: ['A', 'b', 'c', 'd'] }, 'tags: has more than 3 entries'],
  [{ counts: { a: 1, b: 0 } }, 'counts["b"]: must be at least 1'],
  [{ counts: { a: 1, b: 1, c: 1 } }, 'counts: has more than 2 entries'],
  [{ part: undefined }, 'part: is required'],
  [{ part: { code: '' } }, 'part.code: is required'],
  [{ parts: [{ code: 'x' }, { code: 'long' }] }, 'parts[1].code: has more than 3 characters'],
  [{ partsByZone: { 'eu "west"': { code: '' } } }, 'partsByZone["eu \\"west\\""].code: is required'],
  [{ text: 'x' }, 'text: needs at least 2 characters'],
  [{ piece: { code: '' } }, 'piece.code: is required'],
  [{ again: { ...good, again: { ...good, part: { code: '' } } } }, 'again.again.part.code: is required'],
  [{ at: undefined }, 'at: is required'],
  [{ agreed: undefined }, 'agreed: is required'],
  [{ keys: [] }, 'keys: needs at least 1 entry'],
  [{ keys: [Uint8Array.of(), new Uint8Array(3)] }, 'keys[1]: has more than 2 bytes'],
];

/** The rules once more, written as plainly as can be. */
const obeys: Readonly<Record<string, (request: CheckRequest) => boolean>> = {
  name: ({ name }) => [...name].length >= 2 && [...name].length <= 5 && /^[a-z😀]+$/u.test(name),
  nick: ({ nick }) => nick === undefined || ([...nick].length >= 2 && /^[a-z]*$/.test(nick)),
  note: ({ note }) => /^a*$/.test(note),
  key: ({ key }) => key.length >= 1 && key.length <= 4,
  ratio: ({ ratio }) => ratio >= 0 && ratio <= 1,
  level: ({ level }) => level !== undefined && Math.abs(level) <= 3,
  count: ({ count }) => count !== 0,
  tags: ({ tags }) => tags.length >= 1 && tags.length <= 3 && tags.every((tag) => /^[a-z]{1,4}$/.test(tag)),
  counts: ({ counts }) => Object.keys(counts).length <= 2 && Object.values(counts).every((count) => count >= 1),
  parts: ({ parts }) => parts.length <= 2 && parts.every(({ code }) => [...code].length >= 1 && [...code].length <= 3),
};

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', '😀', '\n'), maxLength: 7 }),
  fc.string({ unit: 'grapheme', maxLength: 7 }),
);

const requests: fc.Arbitrary<CheckRequest> = fc
  .record({
    name: word,
    nick: fc.option(word, { nil: undefined }),
    note: word,
    key: fc.uint8Array({ maxLength: 6 }),
    ratio: fc.double(),
    level: fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined }),
    count: fc.integer({ min: -1, max: 1 }),
    tags: fc.array(word, { maxLength: 5 }),
    counts: fc.dictionary(fc.string({ minLength: 1 }), fc.integer({ min: -1, max: 3 }), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    parts: fc.array(fc.record({ code: word }), { maxLength: 4 }),
  })
  .map((changes) => ({ ...good, ...changes }));

describe('A generated validator', () => {
  let workspace: ContractWorkspace;
  let definition: ServiceDefinition & { readonly method: Readonly<Record<string, MethodDefinition>> };

  const violations = (request: CheckRequest): readonly FieldViolation[] =>
    definition.method['check']?.validate?.(request) ?? [];

  beforeAll(async () => {
    workspace = await ContractWorkspace.create();
    await workspace.addFixture();
    const [nest] = await workspace.load('nest/index');
    definition = nest?.['FixtureServiceDefinition'] as typeof definition;
  });

  afterAll(async () => workspace.remove());

  it.each(cases)('says of %j: %s', (changes, ...says) => {
    const found = violations({ ...good, ...changes });
    expect(found.map(({ field, description }) => `${field}: ${description}`)).toEqual(says);
  });

  it('agrees with the rules on any request', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const found = new Set(violations(request).map(({ field }) => field.split(/[.[]/)[0]));
        for (const [field, isObeyed] of Object.entries(obeys)) {
          expect({ field, isRefused: found.has(field) }).toEqual({ field, isRefused: !isObeyed(request) });
        }
      }),
    );
  });

  it('describes a hopeless request by its first hundred violations', () => {
    const partsByZone = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`zone-${String(index)}`, { code: '' }]),
    );
    expect(violations({ ...good, partsByZone })).toHaveLength(100);
  });

  it('is absent where the contract states no rule', () => {
    expect(definition.method['watch']?.validate).toBeUndefined();
  });

  it('stands in a definition that says what the contract says', () => {
    expect(definition).toMatchObject({
      name: 'rookery.fixture.v1.FixtureService',
      service: 'fixture',
      methods: [
        {
          path: '/rookery.fixture.v1.FixtureService/Check',
          property: 'check',
          requestStream: false,
          responseStream: false,
          idempotency: 'unknown',
          access: { scopes: [], isPublic: true, isInternal: false },
          routingKey: 'owner.accountId',
        },
        {
          path: '/rookery.fixture.v1.FixtureService/Watch',
          responseStream: true,
          access: { scopes: ['fixture:read', 'fixture:watch'], isPublic: false, isInternal: false },
          routingKey: undefined,
        },
      ],
    });
  });
});
