/** Further listeners of an app, beside gRPC and HTTP. Injectable; what is added before readiness is registered. */
export class Endpoints {
  private readonly ports: Record<string, number> = {};

  /** Says that the instance answers `protocol` (such as `edge`) at `port` of its host. */
  add(protocol: string, port: number): void {
    this.ports[protocol] = port;
  }

  all(): Readonly<Record<string, number>> {
    return { ...this.ports };
  }
}
