export { LinkPeerNetwork, type LinkPeerNetworkOptions } from './link/link-peer-network.js';
export { addressOfProcess, type ProcessName } from './link/process-address.js';
