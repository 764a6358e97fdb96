export { Drain, type DrainParticipant, type Phase, Readiness, type Requirement } from './lifecycle.js';
export { ServiceConfig } from './service.config.js';
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
