export { Capabilities } from './capabilities.js';
export { Connections } from './connections.js';
export { Endpoints } from './endpoints.js';
export { type Figure, Figures, FIGURES_CAPABILITY } from './figures.js';
export { Finds } from './finder.js';
export { traceHeaders } from './http-scope.js';
export {
  Drain,
  type DrainParticipant,
  type Phase,
  Readiness,
  type Requirement,
  type StopOutcome,
} from './lifecycle.js';
export { runService } from './run-service.js';
export { ServiceConfig } from './service.config.js';
export { ServiceIdentity } from './service-identity.js';
export { type KitOptions, ServiceKitModule } from './service-kit.module.js';
export type { Surroundings } from './service-parts.js';
export {
  ConfigError,
  type DeclaredSettings,
  type Environment,
  readSettings,
  setting,
  type Setting,
  type SettingOptions,
  settings,
  type SettingsClass,
  type SettingsShape,
  type SettingsValues,
} from './settings.js';
export { settingsPage, type SettingsSection } from './settings-page.js';
export { StartError } from './start-error.js';
export { type RunningService, startService } from './start-service.js';
export { TokenClient } from './token.client.js';
export { TokenModule } from './token.module.js';
export { TokenConfig, tokenSettings } from './token-settings.js';
