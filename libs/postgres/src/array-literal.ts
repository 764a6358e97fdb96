/** What a text in PostgreSQL's form of an array cannot hold as it is, even in quotes. */
const SPECIAL = /["\\]/g;

/** An array of texts as PostgreSQL reads it: several times as fast as the driver, which writes each element for itself. */
export function textArray(texts: readonly string[]): string {
  if (texts.length === 0) return '{}';
  const escaped = texts.some((text) => text.search(SPECIAL) >= 0)
    ? texts.map((text) => text.replace(SPECIAL, '\\$&'))
    : texts;
  return `{"${escaped.join('","')}"}`;
}

export function numberArray(numbers: readonly number[]): string {
  return `{${numbers.join()}}`;
}
