const CATEGORY = /^[a-z][a-z0-9_]{0,62}$/;

/** Longest id of an aggregate, in characters. */
export const MAX_ID_LENGTH = 256;

/**
 * The name of an aggregate's stream: its category, a dash, its id. The id may be anything that has 1 to 256 characters, none
 * of them U+0000; a category is a lower-case word.
 */
export function streamOf(category: string, id: string): string {
  if (!CATEGORY.test(category)) throw new RangeError(`a category is a lower-case word, not "${category}"`);
  if (id === '' || id.length > MAX_ID_LENGTH || id.includes('\0')) {
    throw new RangeError(`an id of ${category} has 1 to ${MAX_ID_LENGTH} characters, none of them U+0000`);
  }
  return `${category}-${id}`;
}

/** The kind of aggregate whose stream this is. */
export function categoryOf(stream: string): string {
  return stream.slice(0, stream.indexOf('-'));
}

/** Which aggregate of its category it is. */
export function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
