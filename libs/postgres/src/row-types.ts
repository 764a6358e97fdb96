import pg from 'pg';

/** bigint: the driver leaves it text, because not every one is a number. */
const INT8 = 20;

/** How the values of a row are read: as the driver does it, but `bigint` becomes a number, or an error past 2^53. */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary'): unknown =>
    oid === INT8 ? safeInteger : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is past 2^53, so it cannot be read as a number`);
  return value;
}
