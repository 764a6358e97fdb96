import { describe, expect, it } from '@jest/globals';
import { scripted } from '../../test/scripted.js';
import { createTestSystem, TestProbe } from '../testing/index.js';
import { type ActorContext, type AnswerTo, Pid, Props, type Received, type Request } from '../index.js';

class Account {
  balance = 0;
  readonly secret = 'instance';

  receive(message: Received<number>): void {
    if (typeof message === 'number') this.balance += message;
  }
}

/** What is read from a property of `root`; a getter of the platform that wants another receiver leads nowhere. */
function read(root: object, { get, value }: { get?(): unknown; value?: unknown }): unknown {
  try {
    return get === undefined ? value : get.call(root);
  } catch {
    return undefined;
  }
}

/** Everything that can be reached from a value by reading properties, its prototypes' included. */
function reachable(root: unknown, seen = new Set<unknown>()): ReadonlySet<unknown> {
  const isObject = (typeof root === 'object' || typeof root === 'function') && root !== null;
  if (!isObject || seen.has(root) || root === Function.prototype || root === Object.prototype) return seen;
  seen.add(root);
  for (let part: unknown = root; part instanceof Object; part = Object.getPrototypeOf(part)) {
    const properties = Object.values(Object.getOwnPropertyDescriptors(part)) as readonly { value?: unknown }[];
    for (const property of properties) reachable(read(root, property), seen);
  }
  return seen;
}

describe('an instance', () => {
  it('is out of reach from its Pid, the system and the context of another actor', async () => {
    const { settle, system } = createTestSystem();
    const account = new Account();
    const pid = system.spawnNamed(
      Props.fromProducer(() => account),
      'account',
    );
    const contexts: ActorContext<never>[] = [];
    const other = system.spawn(scripted());
    system.tell(other, (context) => void contexts.push(context as unknown as ActorContext<never>));
    system.tell(pid, 5);
    await settle();
    expect(account.balance).toBe(5);
    expect([...reachable({ deep: [{ account }] })]).toContain(account);
    for (const root of [pid, system, system.find('account'), system.tree(), contexts]) {
      expect([...reachable(root)].some((part) => part instanceof Account)).toBe(false);
    }
  });

  it('is out of reach from its own context, which messages might carry away', async () => {
    const { settle, system } = createTestSystem();
    const contexts: unknown[] = [];
    const props = Props.fromProducer(() =>
      Object.assign(new Account(), { receive: (_message: unknown, context: unknown) => void contexts.push(context) }),
    );
    system.spawn(props);
    await settle();
    expect(contexts).toHaveLength(1);
    expect([...reachable(contexts)].some((part) => part instanceof Account)).toBe(false);
  });
});

interface Order extends Request<{ lines: string[] }> {
  readonly type: 'Order';
  readonly lines: { sku: string; tags: Set<string>; at: Date; bytes: Uint8Array }[];
  readonly notes: Map<string, { text: string }>;
  readonly replyTo: Pid<string>;
}

function order(): Order {
  return {
    type: 'Order',
    lines: [{ sku: 'tea', tags: new Set(['hot']), at: new Date(0), bytes: new Uint8Array(2) }],
    notes: new Map([['gift', { text: 'yes' }]]),
    replyTo: new Pid('local', 'x', 1),
  };
}

describe('a message', () => {
  it('is readonly by type, however deep, and so is an answer', () => {
    type Heard = Exclude<Received<Order>, { readonly type: 'Started' }> & { readonly type: 'Order' };
    type Line = Heard['lines'][number];
    // Each of these is a mistake only as long as the type is readonly.
    // @ts-expect-error no line can be added
    type Push = Heard['lines']['push'];
    // @ts-expect-error a set cannot be added to
    type Add = Line['tags']['add'];
    // @ts-expect-error a map cannot be changed
    type Clear = Heard['notes']['clear'];
    // @ts-expect-error nor can an answer
    type PushAnswer = AnswerTo<Order>['lines']['push'];
    const rename = (line: Line): void => {
      // @ts-expect-error no field can be set
      line.sku = 'coffee';
    };
    const whole = ({ at, bytes }: Line, { replyTo }: Heard): readonly [Date, Uint8Array, Pid<string>] => [
      at,
      bytes,
      replyTo,
    ];
    type Mistakes = [Push, Add, Clear, PushAnswer];
    const mistakes: Mistakes | undefined = undefined;
    expect([rename, whole, mistakes]).toHaveLength(3);
  });

  it.each([
    ['a field', (message: Order) => ((message as { type: string }).type = 'Other')],
    ['a nested field', (message: Order) => ((message.lines[0] as { sku: string }).sku = 'coffee')],
    ['an array', (message: Order) => message.lines.pop()],
    ['a set', (message: Order) => message.lines[0]?.tags.add('cold')],
    ['a map', (message: Order) => message.notes.set('more', { text: '' })],
    ['a value of a map', (message: Order) => ((message.notes.get('gift') ?? { text: '' }).text = 'no')],
    ['a date', (message: Order) => message.lines[0]?.at.setTime(5)],
  ])('cannot be changed by its sender later: %s', async (_what, change) => {
    const { settle, system } = createTestSystem();
    const probe = new TestProbe<Order>(system);
    const message = order();
    system.tell(probe.pid, message);
    expect(() => change(message)).toThrow(TypeError);
    await settle();
    expect(probe.next()).toEqual(order());
  });

  it('is frozen in its depths also where its outside was frozen before', () => {
    const { system } = createTestSystem();
    const message = Object.freeze({ lines: ['tea'] });
    system.tell(system.nobody, message);
    expect(() => message.lines.push('coffee')).toThrow(TypeError);
  });

  it('may go round in circles, and hold what belongs to the platform', async () => {
    const { settle, system } = createTestSystem();
    const { signal } = new AbortController();
    const message: Record<string, unknown> = { signal, promise: Promise.resolve(), run: () => undefined };
    message['self'] = message;
    const frozenMap = Object.freeze(new Map([[1, {}]]));
    message['map'] = frozenMap;
    expect(() => system.tell(system.nobody, message)).not.toThrow();
    expect(Object.isFrozen(signal)).toBe(false);
    await settle();
  });

  it('may be a chain that is longer than the stack is deep', () => {
    const { system } = createTestSystem();
    let chain: unknown = 'end';
    for (let link = 0; link < 100_000; link++) chain = { next: chain };
    expect(() => system.tell(system.nobody, chain)).not.toThrow();
    expect(Object.isFrozen((chain as { next: unknown }).next)).toBe(true);
  });

  it('cannot be changed while it waits for its time', async () => {
    const { settle, system } = createTestSystem();
    const later = [{ to: 'other' }, { to: 'other, often' }, { to: 'itself' }, { to: 'itself, often' }];
    system.tellAfter(10, system.nobody, later[0]);
    system.tellEvery(10, system.nobody, later[1]).cancel();
    system.tell(system.spawn(scripted()), ({ timers }) => {
      timers.startSingle('once', later[2] as never, 10);
      timers.startPeriodic('often', later[3] as never, 10);
    });
    await settle();
    for (const message of later) expect(() => (message.to = 'changed')).toThrow(TypeError);
  });

  it('is handed on as it is where nothing is frozen', async () => {
    const { settle, system } = createTestSystem({ freezesMessages: false });
    const probe = new TestProbe<Order>(system);
    const message = order();
    system.tell(probe.pid, message);
    message.lines.pop();
    await settle();
    expect(probe.next()).toBe(message);
  });
});
