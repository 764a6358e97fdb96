/** Who this process is. Injectable. */
export abstract class ServiceIdentity {
  abstract readonly service: string;
  abstract readonly instanceId: string;
  /** New for each start of the process. */
  abstract readonly incarnation: string;
  abstract readonly version: string;
}
