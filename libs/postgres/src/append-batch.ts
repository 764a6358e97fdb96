import {
  type AnsweredCommand,
  type Append,
  type AppendOutcome,
  type CommandOutcome,
  type NewEvent,
  unstorableName,
} from '@rookery/eventsourcing';
import { numberArray, textArray } from './array-literal.js';
import type { LaneItem } from './group-commit.js';
import { refused } from './store-failure.js';
import type { Statement } from './statement.js';

/** An append with its data written out, ready to be sent. */
export interface PreparedAppend extends LaneItem {
  readonly append: Append;
  readonly data: readonly string[];
  readonly metadata: readonly string[];
  readonly outcomes: readonly string[];
}

/** Of a row beside its data, about. */
const ROW_BYTES = 200;

/** Throws STORE_REFUSED for what no store could keep as it is. */
export function prepare(append: Append): PreparedAppend {
  const { commands, events, stream } = append;
  const name = unstorableName(append);
  if (name !== undefined) throw refused(`${JSON.stringify(name)} holds U+0000 or half of a character`);
  const data = events.map(({ event }) => json(event));
  const metadata = events.map((event) => json(event.metadata));
  const outcomes = commands.map(({ outcome }) => json(outcome));
  const rows = events.length + commands.length;
  const bytes = rows * ROW_BYTES + lengthOf(data) + lengthOf(metadata) + lengthOf(outcomes);
  return { key: stream, append, data, metadata, outcomes, rows, bytes };
}

function lengthOf(texts: readonly string[]): number {
  let length = 0;
  for (const text of texts) length += text.length;
  return length;
}

/** The row of what was not done. */
export interface RefusedRow {
  readonly append: number;
  readonly version: number | null;
  readonly principal: string;
  readonly command_id: string;
  readonly request_hash: string;
  readonly outcome: CommandOutcome;
  readonly from_version: number;
  readonly to_version: number;
}

/** JSON has no line breaks of its own, so lines keep its texts apart without any of them being written in quotes. */
const lines = (texts: readonly (readonly string[])[]): string => texts.flat().join('\n');

export function appendStatement(batch: readonly PreparedAppend[]): Statement {
  const appends = batch.map(({ append }) => append);
  return {
    name: 'append_v1',
    text: `select * from event_store.append_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    values: [
      textArray(appends.map(({ stream }) => stream)),
      numberArray(appends.map(({ expectedVersion }) => expectedVersion)),
      ...eventColumns(appends),
      lines(batch.map(({ data }) => data)),
      lines(batch.map(({ metadata }) => metadata)),
      ...commandColumns(appends),
      lines(batch.map(({ outcomes }) => outcomes)),
    ],
  };
}

function eventColumns(batch: readonly Append[]): readonly string[] {
  const [appends, versions, schemas] = [[] as number[], [] as number[], [] as number[]];
  const [streams, types] = [[] as string[], [] as string[]];
  batch.forEach(({ events, expectedVersion, stream }, index) => {
    let version = expectedVersion;
    for (const { event, schema } of events) {
      appends.push(index + 1);
      streams.push(stream);
      versions.push(++version);
      types.push(event.type);
      schemas.push(schema);
    }
  });
  return [numberArray(appends), textArray(streams), numberArray(versions), textArray(types), numberArray(schemas)];
}

function commandColumns(batch: readonly Append[]): readonly string[] {
  const [appends, streams] = [[] as number[], [] as string[]];
  batch.forEach(({ commands, stream }, index) => {
    commands.forEach(() => {
      appends.push(index + 1);
      streams.push(stream);
    });
  });
  const commands = batch.flatMap((append) => append.commands);
  return [
    numberArray(appends),
    textArray(streams),
    textArray(commands.map(({ principal }) => principal)),
    textArray(commands.map(({ commandId }) => commandId)),
    textArray(commands.map(({ requestHash }) => requestHash)),
    numberArray(commands.map(({ fromVersion }) => fromVersion)),
    numberArray(commands.map(({ toVersion }) => toVersion)),
  ];
}

/** One for each append: done, unless a row says otherwise. */
export function outcomesOf(batch: readonly PreparedAppend[], rows: readonly RefusedRow[]): readonly AppendOutcome[] {
  const outcomes: AppendOutcome[] = batch.map(({ append: { events, expectedVersion } }) => ({
    status: 'appended',
    version: expectedVersion + events.length,
  }));
  const answered = new Map<number, AnsweredCommand[]>();
  for (const row of rows) {
    const index = row.append - 1;
    if (row.version !== null) outcomes[index] = { status: 'conflict', version: row.version };
    else {
      const commands = answered.get(index) ?? [];
      commands.push(answeredCommandOf(row));
      answered.set(index, commands);
      outcomes[index] = { status: 'answered', commands };
    }
  }
  return outcomes;
}

export function answeredCommandOf(row: Omit<RefusedRow, 'append' | 'version'>): AnsweredCommand {
  return {
    principal: row.principal,
    commandId: row.command_id,
    requestHash: row.request_hash,
    outcome: row.outcome,
    fromVersion: row.from_version,
    toVersion: row.to_version,
  };
}

function json(value: NewEvent['event'] | NewEvent['metadata'] | CommandOutcome): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw refused('it has no form in JSON', error);
  }
}
