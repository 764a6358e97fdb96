import type { DescMethod, DescService } from '@bufbuild/protobuf';

import type { Contract } from '../contracts/contract.js';
import { methodFingerprint } from '../contracts/method-fingerprint.js';
import { type Access, type HttpBinding, accessOf, httpBindingsOf } from './method-options.js';
import { type PathTemplate, TemplateError, parseTemplate } from './path-template.js';
import { type ProviderMethod, providerMethod } from './provider-method.js';
import { RequestReader, fieldOf } from './request-reader.js';
import { ANY_METHOD } from './route-tree.js';

/** One binding of one method of one contract, ready to be called. */
export interface RouteOffer {
  readonly binding: HttpBinding;
  readonly template: PathTemplate;
  readonly method: ProviderMethod;
  readonly descriptor: DescMethod;
  /** Equal where two contracts agree on all that the route needs. */
  readonly fingerprint: string;
  readonly reader: RequestReader;
}

/** A binding that is not served, and why. */
export interface RefusedBinding {
  readonly method: string;
  readonly http: string;
  readonly reason: string;
}

export interface ContractOffers {
  readonly offers: readonly RouteOffer[];
  readonly refusals: readonly RefusedBinding[];
}

const HTTP_METHOD = /^([A-Z]+|\*)$/;

/** What a contract offers over HTTP. Methods without `google.api.http` offer nothing and are not mentioned. */
export function offersOf(contract: Contract): ContractOffers {
  const offers: RouteOffer[] = [];
  const refusals: RefusedBinding[] = [];
  for (const method of contract.services.flatMap((service: DescService) => service.methods)) {
    const result = offersOfMethod(method, contract);
    offers.push(...result.offers);
    refusals.push(...result.refusals);
  }
  return { offers, refusals };
}

function offersOfMethod(method: DescMethod, contract: Contract): ContractOffers {
  const path = `/${method.parent.typeName}/${method.name}`;
  const bindings = httpBindingsOf(method);
  const access = accessOf(method);
  const closed = whyClosed(access);
  if (bindings.length === 0) return { offers: [], refusals: [] };
  if (access === undefined || closed !== undefined) {
    const reason = closed ?? '';
    return { offers: [], refusals: bindings.map((binding) => ({ method: path, http: nameOf(binding), reason })) };
  }
  const fingerprint = methodFingerprint(method, contract.registry);
  const offers: RouteOffer[] = [];
  const refusals: RefusedBinding[] = [];
  for (const binding of bindings) {
    try {
      offers.push(offerOf(method, access, binding, fingerprint, contract));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      refusals.push({ method: path, http: nameOf(binding), reason: error.message });
    }
  }
  return { offers, refusals };
}

function whyClosed(access: Access | undefined): string | undefined {
  if (access === undefined) return 'the contract does not say who may call (rookery.options.v1.access)';
  return access.isInternal ? 'the method is internal' : undefined;
}

function offerOf(
  descriptor: DescMethod,
  access: Access,
  binding: HttpBinding,
  fingerprint: string,
  contract: Contract,
): RouteOffer {
  if (!HTTP_METHOD.test(binding.method)) throw new TemplateError('the rule names no HTTP method');
  const template = parseTemplate(binding.path);
  const responseField = binding.responseBody === '' ? undefined : fieldOf(descriptor.output, binding.responseBody);
  const method = providerMethod(descriptor, access, contract, responseField);
  const reader = new RequestReader(descriptor, binding, template, contract);
  return { binding, template, method, descriptor, fingerprint, reader };
}

export function nameOf(binding: HttpBinding): string {
  return `${binding.method === ANY_METHOD ? 'any method' : binding.method} ${binding.path}`;
}
