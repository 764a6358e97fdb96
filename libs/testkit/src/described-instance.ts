import type { Instance } from '@rookery/discovery';

/** An instance on loopback that speaks rpc over the link; `rest` says what is different about it. */
export function describedInstance(id: string, port: number, rest: Partial<Instance> = {}): Instance {
  return {
    id,
    service: 'tested',
    incarnation: 'first',
    version: '1.0.0',
    zone: '',
    weight: 100,
    startedAt: 0,
    endpoints: { grpc: { host: '127.0.0.1', port, isSecure: false } },
    capabilities: ['link'],
    contractDigest: '',
    ...rest,
  };
}
