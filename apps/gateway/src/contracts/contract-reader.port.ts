import type { Instance } from '@rookery/discovery';

import type { Contract } from './contract.js';

/** Asks an instance what it serves. */
export abstract class ContractReader {
  /** Rejects when the instance does not answer in time, or with descriptors that make no contract. */
  abstract read(instance: Instance): Promise<Contract>;
}
