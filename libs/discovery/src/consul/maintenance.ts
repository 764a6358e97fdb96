const OF_SERVICE = '_service_maintenance:';
const OF_NODE = '_node_maintenance';

/** Consul's name for the failing check that takes one instance out of rotation. */
export function maintenanceCheckOf(instanceId: string): string {
  return `${OF_SERVICE}${instanceId}`;
}

/** Whether the instance or its whole node is out of rotation on purpose. */
export function isInMaintenance(checks: readonly { readonly CheckID: string; readonly Status: string }[]): boolean {
  return checks.some(
    ({ CheckID, Status }) => Status === 'critical' && (CheckID.startsWith(OF_SERVICE) || CheckID === OF_NODE),
  );
}
