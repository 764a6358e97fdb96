import { DomainError } from '@rookery/runtime';
import type { AnsweredCommand, RecordedEvent } from '../src/index.js';
import { account, type AccountEvent, type AccountState } from './account.js';
import type { Chronicle } from './chronicle.js';
import { isDenied, isSettled, type Reading, type SentCommand } from './command-ledger.js';
import type { HostLife } from './hosting-process.js';

/** All that has happened, when everything is quiet again. */
export interface History {
  readonly log: Chronicle;
  readonly leaseMs: number;
  readonly commands: readonly SentCommand[];
  readonly readings: readonly Reading[];
}

/** A stream with what was recorded of its commands, and the states that its events lead to, by version. */
interface Story {
  readonly stream: string;
  readonly events: readonly RecordedEvent[];
  readonly states: readonly AccountState[];
  readonly commands: readonly SentCommand[];
  readonly records: readonly AnsweredCommand[];
}

/** What must never be. */
export async function faultsOf(history: History): Promise<readonly string[]> {
  const faults: string[] = [];
  const streams = new Set(history.commands.map(({ stream }) => stream));
  for (const stream of [...streams].sort()) {
    const story = await storyOf(stream, history);
    faults.push(...faultsOfLog(story), ...story.records.flatMap((record) => faultsOfRecord(record, story)));
    faults.push(...story.commands.flatMap((sent) => faultsOfReplies(sent, story.records)));
    faults.push(...history.readings.flatMap((reading) => faultsOfReading(reading, story, history)));
    faults.push(...(await faultsOfSnapshot(story, history.log)));
  }
  return [...faults, ...faultsOfFences(history)];
}

async function storyOf(stream: string, { commands: all, log }: History): Promise<Story> {
  const { events } = await log.readStream(stream, 0, Infinity);
  const states = [account.initialState()];
  for (const { event } of events) states.push(account.evolve(states.at(-1) as AccountState, event as AccountEvent));
  const commands = all.filter((sent) => sent.stream === stream);
  const records = await log.findAnswers(stream, [...new Map(commands.map((sent) => [sent.commandId, sent])).values()]);
  return { stream, events, states, commands, records };
}

/** Each event belongs to one command, which was recorded with it; none is missing and none is twice. */
function faultsOfLog({ events, records, stream }: Story): readonly string[] {
  const owners = new Map<number, string>();
  for (const { commandId, fromVersion, toVersion } of records) {
    for (let version = fromVersion + 1; version <= toVersion; version++) owners.set(version, commandId);
  }
  return events.flatMap(({ metadata, version }, index) => {
    const gap = version === index + 1 ? [] : [`version ${version} of ${stream} stands at place ${index + 1}`];
    if (owners.get(version) === metadata.commandId) return gap;
    return [...gap, `${stream}@${version} is of ${metadata.commandId}, but recorded for ${owners.get(version)}`];
  });
}

/** It was decided on the state that was there, and is what it says in the log. */
function faultsOfRecord({ commandId, fromVersion, outcome, requestHash, toVersion }: AnsweredCommand, story: Story) {
  const sent = story.commands.find((one) => one.commandId === commandId && one.requestHash === requestHash);
  const before = story.states[fromVersion];
  const after = story.states[toVersion];
  if (sent === undefined || before === undefined || after === undefined) {
    return [`${commandId} is recorded from ${fromVersion} to ${toVersion}, where ${story.stream} has no such versions`];
  }
  const written = story.events.slice(fromVersion, toVersion).map(({ event }) => event);
  const found = JSON.stringify([written, outcome]);
  const expected = JSON.stringify(decided(before, after, sent));
  return found === expected ? [] : [`${commandId} at ${story.stream}@${fromVersion} came to ${found}, not ${expected}`];
}

function decided(before: AccountState, after: AccountState, { command }: SentCommand): readonly unknown[] {
  try {
    return [account.decide(before, command), { answer: account.answer(after, command) }];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, kind, message, metadata, violations } = error;
    return [[], { refusal: { code, message, kind, metadata, violations } }];
  }
}

/** All repeats hear what is recorded; what was denied each time is not; and everybody hears something in the end. */
function faultsOfReplies(sent: SentCommand, records: readonly AnsweredCommand[]): readonly string[] {
  const { calls, commandId, requestHash } = sent;
  const record = records.find((one) => one.commandId === commandId);
  const own = record?.requestHash === requestHash ? record : undefined;
  const name = `${commandId} (${requestHash})`;
  const faults = calls.flatMap(({ life, reply }) => {
    if (reply?.kind === 'id-taken' && (record === undefined || own !== undefined)) {
      return [`${life.name} says that the id of ${name} is taken, which it is not`];
    }
    if (reply?.kind !== 'settled' || sameOutcome(reply.outcome, own?.outcome)) return [];
    return [
      `${life.name} says ${JSON.stringify(reply.outcome)} to ${name}, recorded is ${JSON.stringify(own?.outcome)}`,
    ];
  });
  if (isDenied(sent) && own !== undefined) faults.push(`${name} was denied each time, and was carried out`);
  if (calls.length > 0 && !isDenied(sent) && !isSettled(sent)) faults.push(`${name} is never answered`);
  return faults;
}

function sameOutcome(left: AnsweredCommand['outcome'], right: AnsweredCommand['outcome'] | undefined): boolean {
  return right !== undefined && JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(outcome: AnsweredCommand['outcome']): readonly unknown[] {
  if ('answer' in outcome) return [outcome.answer];
  const { code, kind, message, metadata, violations } = outcome.refusal;
  return [code, kind, message, metadata, violations];
}

/** What is shown was committed, and is no older than the lease or, where the store was asked, than the question. */
function faultsOfReading(reading: Reading, { states, stream }: Story, { leaseMs, log }: History): readonly string[] {
  const { endedAt, found, life, startedAt } = reading;
  if (life.stream !== stream || found === undefined) return [];
  const { state, version } = found;
  const name = `${life.name} shows ${stream}@${version} at ${endedAt}`;
  const atLeast = log.versionBefore(stream, Math.min(startedAt, endedAt - leaseMs));
  const atMost = log.versionBefore(stream, endedAt + 1);
  if (version > atMost) return [`${name}, when ${atMost} was committed`];
  if (version < atLeast) return [`${name}, asked at ${startedAt}, when ${atLeast} was known to all`];
  const expected = JSON.stringify(states[version]);
  return JSON.stringify(state) === expected ? [] : [`${name} as ${JSON.stringify(state)}, not ${expected}`];
}

async function faultsOfSnapshot({ states, stream }: Story, log: Chronicle): Promise<readonly string[]> {
  const snapshot = await log.loadSnapshot(stream);
  const expected = snapshot && JSON.stringify(states[snapshot.version]);
  if (JSON.stringify(snapshot?.state) === expected) return [];
  return [`the snapshot ${stream}@${snapshot?.version} is ${JSON.stringify(snapshot?.state)}, not ${expected}`];
}

/** A host gives up only to another one, and says nothing else from then on. */
function faultsOfFences({ commands, log, readings }: History): readonly string[] {
  const said = [
    ...commands.flatMap(({ calls }) =>
      calls.map(({ endedAt, life, reply }) => ({
        life,
        endedAt,
        code: codeOf(reply),
        isNews: reply?.kind === 'settled',
      })),
    ),
    ...readings.map(({ code, endedAt, found, life }) => ({ life, endedAt, code, isNews: found !== undefined })),
  ];
  const lostAt = new Map<HostLife, number>();
  for (const { code, endedAt, life } of said) {
    if (code === 'FENCE_LOST') lostAt.set(life, Math.min(endedAt, lostAt.get(life) ?? Infinity));
  }
  const late = said.filter(({ endedAt, isNews, life }) => isNews && endedAt > (lostAt.get(life) ?? Infinity));
  const baseless = [...lostAt.keys()].filter(
    ({ bornAt, name, stream }) => !log.isWrittenByOthers(stream, name, bornAt),
  );
  return [
    ...late.map(({ endedAt, life }) => `${life.name} has lost ${life.stream}, and answers at ${endedAt}`),
    ...baseless.map(({ name, stream }) => `${name} gives up ${stream}, where nobody else has written`),
  ];
}

function codeOf(reply: SentCommand['calls'][number]['reply']): string | undefined {
  return reply !== undefined && 'code' in reply ? reply.code : undefined;
}
