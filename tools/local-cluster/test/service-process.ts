import { RunningProgram } from '@rookery/testkit';

/** On few cores, and beside others, a service starts and stops slowly. */
export const PATIENCE_MS = 60_000;
/** Nothing here shows a token, so nobody asks for its keys. */
const AUTH_JWKS_URL = 'http://127.0.0.1:1/keys.json';

export interface Ready {
  readonly type: 'ready';
  readonly id: string;
  readonly pid: number;
  readonly grpc: number;
  readonly http: number;
}

/** The process of a service, as an orchestrator has it. */
export class ServiceProcess extends RunningProgram<Ready> {
  constructor(app: string, environment: Readonly<Record<string, string>>) {
    const settings = { AUTH_JWKS_URL, REPORT_TO: '', DRAIN_PROPAGATION_MS: '1000' };
    super(`apps/${app}/dist/main.js`, { ...settings, ...environment });
  }
}
