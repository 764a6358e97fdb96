/** One start of one instance of a service. */
export interface ProcessName {
  readonly service: string;
  readonly instanceId: string;
  readonly incarnation: string;
}

/** How the process is called in Pids: whoever has a Pid can find it in the registry. */
export function addressOfProcess({ incarnation, instanceId, service }: ProcessName): string {
  return [service, instanceId, incarnation].map(encodeURIComponent).join(':');
}

/** Undefined for what is no such address. */
export function processOfName(address: string): ProcessName | undefined {
  const parts = address.split(':');
  const [service, instanceId, incarnation] = parts.map(decoded);
  if (parts.length !== 3 || service === undefined || instanceId === undefined || incarnation === undefined) {
    return undefined;
  }
  return { service, instanceId, incarnation };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined; // No address of ours.
  }
}
