import type { ContractOffers } from '../routing/route-offer.js';

/** A contract that was read from an instance, with all that it offers over HTTP. */
export interface KnownContract extends ContractOffers {
  /** Names the contract within its service: the digest, or the instance where it has none. */
  readonly key: string;
  /** An instance serves it now. Otherwise it is kept for a while, so that its routes answer 503 and not 404. */
  readonly isServed: boolean;
}

/** The contracts of one service. */
export interface ProviderContracts {
  readonly service: string;
  /** Since when it is served, as its instances say; infinite when none does. */
  readonly since: number;
  /** Newest first. */
  readonly contracts: readonly KnownContract[];
  /** Some instance's contract has not been read yet, or could not be. */
  readonly hasUnread: boolean;
}
