import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { PATTERN_EXTRAS_METADATA } from '@nestjs/microservices/constants.js';
import type { MethodDefinition } from '@rookery/contracts/nest';
import type { ServiceConfig } from './service.config.js';
import type { KitOptions } from './service-kit.module.js';
import { ConfigError } from './settings.js';

const REMEDY = "It must be the URL of the token issuer's keys.";

/**
 * Throws `ConfigError` when tokens are what the application goes by in production and no issuer's are believed. Elsewhere
 * it may start so, and serves what is open to everybody.
 */
export function requireIssuerInProduction(
  { verifiesTokens }: KitOptions,
  { NODE_ENV, AUTH_JWKS_URL }: ServiceConfig,
): void {
  if (verifiesTokens !== true || NODE_ENV !== 'production' || AUTH_JWKS_URL !== undefined) return;
  throw new ConfigError([
    `AUTH_JWKS_URL is not set: in production this service believes the tokens of a real issuer, and has no keys of one. ${REMEDY}`,
  ]);
}

/**
 * Throws `ConfigError` when the application serves methods that ask for a scope and no issuer's tokens are believed. Such an
 * instance would refuse each of these calls, and a fleet that it joined would lose its share of them.
 */
export function requireIssuer(app: INestApplicationContext): void {
  const guarded = servedMethods(app.get(DiscoveryService)).find(({ access }) => access.scopes.length > 0);
  if (guarded === undefined) return;
  throw new ConfigError([
    `AUTH_JWKS_URL is not set: without it no token can be verified, and ${guarded.path}, which asks for the scope ` +
      `${guarded.access.scopes.join(' ')}, would refuse every call. ${REMEDY}`,
  ]);
}

/** What the controllers will serve, before anything listens. */
function servedMethods(discovery: DiscoveryService): readonly MethodDefinition[] {
  const scanner = new MetadataScanner();
  return discovery.getControllers().flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const prototype = metatype.prototype as Readonly<Record<string, object>>;
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const extras = Reflect.getMetadata(PATTERN_EXTRAS_METADATA, prototype[name] ?? {}) as Extras | undefined;
      return extras?.method === undefined ? [] : [extras.method];
    });
  });
}

/** What a contract's `…ControllerMethods` leaves on each method. */
interface Extras {
  readonly method?: MethodDefinition;
}
