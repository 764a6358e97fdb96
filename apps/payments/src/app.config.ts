import { databaseSettings } from '@rookery/cqrs';
import { setting, settings, type SettingsValues } from '@rookery/service-kit';

const shape = {
  ...databaseSettings,
  PROVIDER_TIMEOUT_MS: setting.integer({
    meaning: 'How long an answer of the payment service provider is waited for.',
    default: 2000,
    min: 50,
    max: 60_000,
  }),
  ASK_AGAIN_MS: setting.integer({
    meaning:
      'How old a request to the provider becomes before the service itself asks again, when whoever wanted it has gone or was told that the provider timed out.',
    default: 5000,
    min: 100,
    max: 3_600_000,
  }),
  AUTHORISATION_PATIENCE_MS: setting.integer({
    meaning:
      'How old an authorisation becomes of which the provider says nothing before the service gives it up: it is voided then, as if whoever wanted it had done so.',
    default: 600_000,
    min: 100,
    max: 86_400_000,
  }),
  PROVIDER_LATENCY_MS: setting.integer({
    meaning:
      'How long the simulated provider takes for an answer, give or take a half. For a slow card it takes half of PROVIDER_TIMEOUT_MS.',
    default: 20,
    min: 0,
    max: 30_000,
  }),
};

/** What payments is told beyond what every service is. */
export class PaymentsConfig extends settings(shape, contradictions) {}

function contradictions({ PROVIDER_LATENCY_MS, PROVIDER_TIMEOUT_MS }: SettingsValues<typeof shape>): readonly string[] {
  if (PROVIDER_LATENCY_MS <= PROVIDER_TIMEOUT_MS / 2) return [];
  return [
    `PROVIDER_LATENCY_MS must be at most half of PROVIDER_TIMEOUT_MS (${PROVIDER_TIMEOUT_MS}), or good cards time out; it is ${PROVIDER_LATENCY_MS}`,
  ];
}
