import { type RouteOffer, nameOf } from './route-offer.js';
import { RouteTree } from './route-tree.js';
import type { KnownContract, ProviderContracts } from '../contracts/known-contract.js';

/** What the contracts that agree on a route make of it. */
export interface RouteVersion {
  /** Keys of the contracts that agree. */
  readonly contracts: ReadonlySet<string>;
  readonly offer: RouteOffer;
}

export interface Route {
  readonly service: string;
  /** `POST /v1/quotes`; also the label in metrics. */
  readonly name: string;
  /** Newest first; never empty. */
  readonly versions: readonly RouteVersion[];
  /** Every instance of the service serves this one version, so none need be left out. */
  readonly isUniform: boolean;
}

/** A binding that has no route, and why. */
export interface RouteRefusal {
  readonly service: string;
  readonly method: string;
  readonly http: string;
  readonly reason: string;
}

/** All routes at one moment. Immutable; a change of contracts makes another. */
export interface RouteTable {
  readonly tree: RouteTree<Route>;
  readonly routes: readonly Route[];
  readonly refusals: readonly RouteRefusal[];
  /** Who owns a path, by HTTP method and signature of the template; handed on, so that the first owner keeps it. */
  readonly owners: ReadonlyMap<string, string>;
}

/** Paths of the gateway itself. */
export const RESERVED_PATHS: readonly string[] = ['/openapi.json'];

interface Draft {
  readonly service: ProviderContracts;
  readonly first: RouteOffer;
  readonly versions: { readonly contracts: Set<string>; readonly offer: RouteOffer }[];
}

/**
 * Builds the table. Where two services claim a path, the one that owned it before keeps it, else the one that stands
 * earlier in `providers`; the other is refused.
 */
export function buildRouteTable(
  providers: readonly ProviderContracts[],
  owners: ReadonlyMap<string, string> = new Map(),
): RouteTable {
  const drafts = new Map<string, Draft>();
  const refusals: RouteRefusal[] = [];
  const present = new Map(providers.map((provider) => [provider.service, provider]));
  for (const provider of byOwnership(providers, owners)) {
    for (const contract of provider.contracts) {
      for (const refused of contract.refusals) refusals.push({ service: provider.service, ...refused });
      for (const offer of contract.offers) {
        const key = keyOf(offer);
        const reason = claim(key, offer, provider, contract, drafts, present.get(owners.get(key) ?? ''));
        if (reason !== undefined) {
          refusals.push({ service: provider.service, method: offer.method.path, http: nameOf(offer.binding), reason });
        }
      }
    }
  }
  return tableOf(drafts, refusals);
}

/** Owners of anything first, in a stable order, so that a newcomer cannot slip in before them. */
function byOwnership(
  providers: readonly ProviderContracts[],
  owners: ReadonlyMap<string, string>,
): ProviderContracts[] {
  const established = new Set(owners.values());
  const isNew = (provider: ProviderContracts): number => (established.has(provider.service) ? 0 : 1);
  return [...providers].sort((left, right) => isNew(left) - isNew(right));
}

function keyOf(offer: RouteOffer): string {
  return `${offer.binding.method} ${offer.template.signature}`;
}

/** Adds an offer to its route; returns why not when it cannot be. */
function claim(
  key: string,
  offer: RouteOffer,
  provider: ProviderContracts,
  contract: KnownContract,
  drafts: Map<string, Draft>,
  owner: ProviderContracts | undefined,
): string | undefined {
  if (RESERVED_PATHS.includes(offer.template.signature)) return 'the path belongs to the gateway';
  const draft = drafts.get(key);
  if (draft === undefined) {
    if (owner !== undefined && owner !== provider && offersKey(owner, key)) return `${owner.service} has this route`;
    drafts.set(key, { service: provider, first: offer, versions: [{ contracts: new Set([contract.key]), offer }] });
    return undefined;
  }
  if (draft.service !== provider) return `${draft.service.service} has this route`;
  if (draft.versions.some((version) => version.contracts.has(contract.key))) {
    return `${draft.first.method.path} has this route`;
  }
  join(draft, offer, contract);
  return undefined;
}

function join(draft: Draft, offer: RouteOffer, contract: KnownContract): void {
  const same = draft.versions.find((version) => version.offer.fingerprint === offer.fingerprint);
  if (same === undefined) draft.versions.push({ contracts: new Set([contract.key]), offer });
  else same.contracts.add(contract.key);
}

function offersKey(provider: ProviderContracts, key: string): boolean {
  return provider.contracts.some((contract) => contract.offers.some((offer) => keyOf(offer) === key));
}

function tableOf(drafts: ReadonlyMap<string, Draft>, refusals: readonly RouteRefusal[]): RouteTable {
  const tree = new RouteTree<Route>();
  const routes: Route[] = [];
  const owners = new Map<string, string>();
  for (const [key, draft] of drafts) {
    const { service, first, versions } = draft;
    const served = service.contracts.filter((contract) => contract.isServed);
    const isUniform =
      versions.length === 1 &&
      !service.hasUnread &&
      served.every((contract) => versions[0]?.contracts.has(contract.key));
    const route: Route = { service: service.service, name: nameOf(first.binding), versions, isUniform };
    routes.push(route);
    owners.set(key, service.service);
    tree.add(first.binding.method, first.template, route);
  }
  return { tree, routes, refusals: unique(refusals), owners };
}

/** Contracts of one service repeat each other's refusals. */
function unique(refusals: readonly RouteRefusal[]): RouteRefusal[] {
  return [...new Map(refusals.map((refusal) => [Object.values(refusal).join(' '), refusal])).values()];
}
