export { type ConsulServer, openConsulSubject } from './consul-subject.js';
export { type DiscoveryAbilities, type DiscoverySubject, EventProbe } from './contract-stage.js';
export { describeDiscovery } from './discovery.contract.js';
export { SnapshotProbe } from './snapshot-probe.js';
