import { setting } from './settings.js';

/** The settings of a service that calls others with a token of its own, to be part of its own. */
export const tokenSettings = (usual: { readonly clientId: string; readonly clientSecret: string }) => ({
  TOKEN_URL: setting.url({
    meaning: 'Where the token issuer gives tokens for client credentials (OAuth 2.0).',
    default: 'http://127.0.0.1:8082/token',
  }),
  CLIENT_ID: setting.text({ meaning: 'Who this service is to the token issuer.', default: usual.clientId }),
  CLIENT_SECRET: setting.text({ meaning: 'Proof of CLIENT_ID.', default: usual.clientSecret, isSecret: true }),
});

/** What these settings say, whatever class of settings they are part of. */
export abstract class TokenConfig {
  abstract readonly TOKEN_URL: string;
  abstract readonly CLIENT_ID: string;
  abstract readonly CLIENT_SECRET: string;
}
