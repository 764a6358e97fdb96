import type { AgentCatalogue, CheckRecord, ServiceRecord } from './agent-catalogue.js';

const NODE = 'dev-registry';
const ADDRESS = '127.0.0.1';

/** A registry of one node has no data centres, but clients expect the fields. */
const node = {
  ID: '00000000-0000-4000-8000-000000000001',
  Node: NODE,
  Address: ADDRESS,
  Datacenter: 'dc1',
  TaggedAddresses: { lan: ADDRESS, lan_ipv4: ADDRESS, wan: ADDRESS, wan_ipv4: ADDRESS },
  Meta: {},
  CreateIndex: 1,
  ModifyIndex: 1,
};

const nodeCheck = {
  Node: NODE,
  CheckID: 'serfHealth',
  Name: 'Serf Health Status',
  Status: 'passing',
  Notes: '',
  Output: 'Agent alive and reachable',
  ServiceID: '',
  ServiceName: '',
  ServiceTags: [],
  Type: '',
  Definition: {},
  CreateIndex: 1,
  ModifyIndex: 1,
};

/** The body of `health/service/:name`. */
export function toHealthEntries(catalogue: AgentCatalogue, name: string, isPassingOnly: boolean): readonly object[] {
  return [...catalogue.services.values()]
    .filter(({ registration }) => registration.Name === name)
    .filter(({ id }) => !isPassingOnly || catalogue.checksOf(id).every(({ status }) => status === 'passing'))
    .map((service) => ({
      Node: node,
      Service: {
        ...toAgentService(service),
        CreateIndex: service.createIndex,
        ModifyIndex: service.modifyIndex,
      },
      Checks: [nodeCheck, ...catalogue.checksOf(service.id).map((check) => toCheck(catalogue, check))],
    }));
}

/** The body of `catalog/services`: tags by service name. */
export function toServiceTags(catalogue: AgentCatalogue): Record<string, readonly string[]> {
  const tags = new Map<string, Set<string>>([['consul', new Set()]]);
  for (const { registration } of catalogue.services.values()) {
    const known = tags.get(registration.Name) ?? new Set();
    for (const tag of registration.Tags) known.add(tag);
    tags.set(registration.Name, known);
  }
  return Object.fromEntries([...tags].map(([name, words]) => [name, [...words]]));
}

const SEVERITY = ['passing', 'warning', 'critical'] as const;

/** The body of `agent/health/service/id/:id`. */
export function toAgentHealth(catalogue: AgentCatalogue, id: string) {
  const service = catalogue.services.get(id);
  if (service === undefined) return { AggregatedStatus: 'critical', Service: null, Checks: null } as const;
  const checks = catalogue.checksOf(id);
  const isOut = checks.some(({ type }) => type === 'maintenance');
  const worst = SEVERITY.findLast((status) => checks.some((check) => check.status === status)) ?? 'passing';
  return {
    AggregatedStatus: isOut ? ('maintenance' as const) : worst,
    Service: toAgentService(service),
    Checks: checks.map((check) => ({ ...toCheck(catalogue, check), Type: '' })),
  };
}

export function toAgentService({ id, registration }: ServiceRecord): Record<string, unknown> {
  const { Name, Tags, Meta, Port, Address, Weights, EnableTagOverride } = registration;
  return { ID: id, Service: Name, Tags, Meta, Port, Address, Weights, EnableTagOverride };
}

export function toCheck(catalogue: AgentCatalogue, check: CheckRecord): Record<string, unknown> {
  const service = catalogue.services.get(check.serviceId)?.registration;
  return {
    Node: NODE,
    CheckID: check.id,
    Name: check.name,
    Status: check.status,
    Notes: check.notes,
    Output: check.output,
    ServiceID: check.serviceId,
    ServiceName: service?.Name ?? '',
    ServiceTags: service?.Tags ?? [],
    Type: check.type,
    Definition: {},
    CreateIndex: check.createIndex,
    ModifyIndex: check.modifyIndex,
  };
}
