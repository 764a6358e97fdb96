import type { Instance } from '@rookery/discovery';

import type { Contract } from './contract.js';

/** The instance has no reflection, so it will not tell its contract when it is asked again either. */
export class NoReflectionError extends Error {
  override readonly name = 'NoReflectionError';

  constructor() {
    super('the instance offers no gRPC reflection');
  }
}

/** Asks an instance what it serves. */
export abstract class ContractReader {
  /** Rejects when the instance does not answer in time, or with descriptors that make no contract; NoReflectionError when it cannot. */
  abstract read(instance: Instance): Promise<Contract>;
}
