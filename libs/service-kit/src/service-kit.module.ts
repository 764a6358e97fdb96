import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import type { BalancerName } from '@rookery/rpc';
import type { SettingsClass } from './settings.js';

/** What an app tells the kit about itself. */
export interface KitOptions {
  /** The name in the registry. Equals the app's folder and its project. */
  readonly name: string;
  /** The app's own settings; injectable by this class. */
  readonly config?: SettingsClass;
  /** The app believes tokens itself, beyond what the scopes of its own methods ask for. In production it does not start
   * without an issuer's keys. */
  readonly verifiesTokens?: boolean;
  /** How calls to other services are balanced, where it is not `p2c-ewma`. */
  readonly balancers?: Readonly<Record<string, BalancerName>>;
}

interface KitModule extends DynamicModule {
  readonly kit: KitOptions;
}

/**
 * Says which service an app module is. The rest of the kit (configuration, telemetry, rpc, discovery, health) is put
 * around the module by `runService`, or in a test by `startService`.
 */
@Module({})
export class ServiceKitModule {
  static forRoot(kit: KitOptions): KitModule {
    return { module: ServiceKitModule, kit };
  }
}

/** The kit options of an app module. Throws when it does not import `ServiceKitModule.forRoot`. */
export function kitOptionsOf(appModule: Type): KitOptions {
  const imports = (Reflect.getMetadata(MODULE_METADATA.IMPORTS, appModule) ?? []) as Partial<KitModule>[];
  const found = imports.find((entry) => entry.module === ServiceKitModule);
  if (found?.kit === undefined) throw new Error(`${appModule.name} must import ServiceKitModule.forRoot({ name: … })`);
  return found.kit;
}
