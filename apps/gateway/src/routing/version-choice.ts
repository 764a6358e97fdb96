import type { Instance } from '@rookery/discovery';

import { contractKey } from '../contracts/contract-key.js';
import { TranscodingError } from '../transcoding/transcoding-error.js';
import type { RequestParts } from './request-reader.js';
import type { RouteOffer } from './route-offer.js';
import type { Route, RouteVersion } from './route-table.js';

/** What is sent, and to whom it may be sent. */
export interface VersionChoice {
  readonly offer: RouteOffer;
  readonly message: Uint8Array;
  /** Undefined: to every instance. */
  readonly eligible: ((instance: Instance) => boolean) | undefined;
}

/**
 * Encodes a request with the newest version that takes it. While several versions of a service run, it may go to the
 * instances of each version that understands the very same bytes, and to no other: one that lacks a field would ignore
 * what the caller said. `parts` is asked anew for each version, because a reader may change the body. Throws
 * TranscodingError, the newest version's, when none takes the request.
 */
export function chooseVersion(
  route: Route,
  permitted: readonly RouteVersion[],
  parts: () => RequestParts,
): VersionChoice {
  const [newest] = permitted;
  if (newest === undefined) throw new TypeError(`${route.name} has no version`);
  if (permitted.length === 1) {
    const eligible = route.isUniform ? undefined : among(newest.contracts);
    return { offer: newest.offer, message: newest.offer.reader.read(parts()), eligible };
  }
  return chooseAmong(permitted, parts);
}

function chooseAmong(permitted: readonly RouteVersion[], parts: () => RequestParts): VersionChoice {
  let refusal: TranscodingError | undefined;
  let chosen: { readonly offer: RouteOffer; readonly message: Uint8Array } | undefined;
  const contracts = new Set<string>();
  for (const { offer, contracts: keys } of permitted) {
    const result = tryRead(offer, parts());
    if (result instanceof TranscodingError) {
      refusal ??= result;
      continue;
    }
    chosen ??= { offer, message: result };
    const isSame = offer.method.path === chosen.offer.method.path && Buffer.compare(result, chosen.message) === 0;
    if (isSame) for (const key of keys) contracts.add(key);
  }
  if (chosen === undefined) throw refusal ?? new TypeError('no version was tried');
  return { ...chosen, eligible: among(contracts) };
}

function tryRead(offer: RouteOffer, parts: RequestParts): Uint8Array | TranscodingError {
  try {
    return offer.reader.read(parts);
  } catch (error) {
    if (error instanceof TranscodingError) return error;
    throw error;
  }
}

function among(contracts: ReadonlySet<string>): (instance: Instance) => boolean {
  return (instance) => contracts.has(contractKey(instance));
}
