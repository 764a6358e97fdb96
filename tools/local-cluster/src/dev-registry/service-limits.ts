/** Consul's own limits on the metadata of a service, in pairs and bytes. */
const MAX_PAIRS = 64;
const MAX_KEY = 128;
const MAX_VALUE = 512;

const MAX_WEIGHT = 65_535;

/** What Consul says of metadata it does not take. */
export function metaProblem(meta: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(meta);
  if (pairs.length > MAX_PAIRS) {
    return `Invalid Service Meta: Node metadata cannot contain more than ${MAX_PAIRS} key/value pairs`;
  }
  for (const [key, value] of pairs) {
    const problem = keyProblem(key) ?? valueProblem(value);
    if (problem !== undefined)
      return `Invalid Service Meta: Couldn't load metadata pair ('${key}', '${value}'): ${problem}`;
  }
  return undefined;
}

/** What Consul says of weights it does not take. */
export function weightsProblem(weights: { readonly Passing: number; readonly Warning: number }): string | undefined {
  if (weights.Passing < 1) return 'Invalid Weights: Passing must be greater than 0';
  if (weights.Warning < 0) return 'Invalid Weights: Warning must be greater or equal than 0';
  const isTooHeavy = weights.Passing > MAX_WEIGHT || weights.Warning > MAX_WEIGHT;
  return isTooHeavy ? `Invalid Weights: DNS Weight must be between 0 and ${MAX_WEIGHT}` : undefined;
}

function keyProblem(key: string): string | undefined {
  if (key === '') return 'Key cannot be blank';
  if (!/^[a-zA-Z0-9_-]+$/.test(key)) return 'Key contains invalid characters';
  if (key.length > MAX_KEY) return `Key is too long (limit: ${MAX_KEY} characters)`;
  return key.startsWith('consul-') ? "Key prefix 'consul-' is reserved for internal use" : undefined;
}

function valueProblem(value: string): string | undefined {
  return Buffer.byteLength(value) > MAX_VALUE ? `Value is too long (limit: ${MAX_VALUE} characters)` : undefined;
}
