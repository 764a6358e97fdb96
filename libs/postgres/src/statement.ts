/** What is asked of PostgreSQL. */
export interface Statement {
  /** Of one text for ever: each session keeps the statement parsed under its name. None: it is parsed each time. */
  readonly name?: string;
  readonly text: string;
  /** For `$1` and the next. An array becomes an array of PostgreSQL's. */
  readonly values?: readonly unknown[];
}

/** What PostgreSQL answered: `bigint` as a number, `json` parsed, `timestamptz` as a Date, `uuid` as text. */
export interface Answer<Row extends object> {
  readonly rows: readonly Row[];
  /** How many rows were read or changed. */
  readonly count: number;
}

/** A transaction that has begun. Whoever was given it neither ends it nor keeps it. */
export interface Transaction {
  query<Row extends object>(statement: Statement): Promise<Answer<Row>>;
  /** Several statements in one text, without values and without an answer. */
  script(text: string): Promise<void>;
}
