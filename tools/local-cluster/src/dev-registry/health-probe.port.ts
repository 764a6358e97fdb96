/** Where and how a gRPC check calls. */
export interface HealthCall {
  /** `host:port`, or `host:port/service` when one service of the server is meant. */
  readonly target: string;
  readonly usesTls: boolean;
  /** With TLS: whether any certificate will do. */
  readonly skipsVerification: boolean;
  readonly timeoutMs: number;
}

/** Calls health services over gRPC. Never rejects. */
export abstract class HealthProbe {
  abstract call(call: HealthCall): Promise<{ readonly isServing: boolean; readonly output: string }>;
}
