import { describe, expect, it } from '@jest/globals';
import { dirname, join, normalize } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { filesOf, textOf } from '../workspace.mjs';
import { settingsOf } from './declared-settings.js';

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly secretKeyRef?: { readonly name: string; readonly key: string };
  };
}
interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
}
interface Container {
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly env?: readonly Variable[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly resources: { readonly requests: object; readonly limits: object };
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: { readonly runAsNonRoot: boolean };
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string; readonly emptyDir?: object }[];
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly selector: { readonly matchLabels: object };
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
  };
}
interface Kustomization {
  readonly resources?: readonly string[];
  readonly patches?: readonly { readonly path?: string }[];
  readonly configMapGenerator?: readonly Generated[];
  readonly secretGenerator?: readonly Generated[];
}
interface Generated {
  readonly name: string;
  readonly literals: readonly string[];
}

const apps = filesOf('apps/*/project.json').map((file) => dirname(file).replace('apps/', ''));
const documentsOf = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);
const kustomizationOf = (folder: string): Kustomization =>
  parse(textOf(`${folder}/kustomization.yaml`)) as Kustomization;

/** Every file that `kubectl apply -k` of a folder reads. */
function filesReadFrom(folder: string): string[] {
  const { resources = [], patches = [] } = kustomizationOf(folder);
  const named = [...resources, ...patches.flatMap(({ path }) => path ?? [])].map((path) =>
    normalize(join(folder, path)),
  );
  const deeper = named.flatMap((path) => (path.endsWith('.yaml') ? [path] : filesReadFrom(path)));
  return [`${folder}/kustomization.yaml`, ...deeper];
}

const base = documentsOf(textOf('k8s/base/deployment.yaml'))[0]?.spec.template.spec;
const infrastructure = filesOf('k8s/infrastructure/*.yaml').flatMap((file) => documentsOf(textOf(file)));
const servers = infrastructure.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
const pods = [base, ...servers.map(({ spec }) => spec.template.spec)];
const withDatabase = apps.filter((app) => settingsOf(app).has('DATABASE_URL'));

describe('the manifests', () => {
  it('are read, all of them, by `kubectl apply -k k8s`', () => {
    expect([...new Set(filesReadFrom('k8s'))].sort()).toEqual(filesOf('k8s/**/*.yaml'));
  });

  it('have one folder for each app', () => {
    expect([...(kustomizationOf('k8s/services').resources ?? [])].sort()).toEqual(apps);
  });

  it.each(apps)('give %s the base, its name and its image', (app) => {
    expect(kustomizationOf(`k8s/services/${app}`)).toMatchObject({
      resources: expect.arrayContaining(['../../base']),
      namePrefix: `${app}-`,
      labels: [{ pairs: { 'app.kubernetes.io/name': app }, includeSelectors: true }],
      images: [{ name: base?.containers[0].image, newName: `rookery/${app}`, newTag: 'dev' }],
    });
  });

  it.each(pods.map((pod) => [pod?.containers[0].image, pod] as const))('let %s do no more than it must', (_, pod) => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(pod?.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      resources: {
        requests: { cpu: expect.anything(), memory: expect.anything() },
        limits: { memory: expect.anything() },
      },
      securityContext: {
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      },
    });
  });

  it.each(['consul', 'postgres'] as const)('name the same image for %s as the compose file', (name) => {
    const { services } = parse(textOf('docker-compose.yml'), { merge: true }) as {
      services: Readonly<Record<typeof name, { image: string }>>;
    };
    expect(pods.map((pod) => pod?.containers[0].image)).toContain(services[name].image);
  });
});

describe.each(withDatabase)('the database of %s', (app) => {
  const reference = { secretKeyRef: { name: `${app}-database`, key: 'DATABASE_URL' } };
  const variableOf = (manifest: Manifest | undefined, name: string): Variable | undefined =>
    manifest?.spec.template.spec.containers[0].env?.find((one) => one.name === name);

  it('is told to it alone, and opens the way there', () => {
    const [patch] = documentsOf(textOf(`k8s/services/${app}/database.yaml`));
    expect(variableOf(patch, 'DATABASE_URL')?.valueFrom).toEqual(reference);
    expect(patch?.spec.template.metadata.labels).toEqual({ needs: 'database' });
  });

  it('is made by the PostgreSQL of the local overlay', () => {
    const server = servers.find(({ metadata }) => metadata.name === 'postgres');
    const name = `${app.toUpperCase().replaceAll('-', '_')}_DATABASE_URL`;
    expect(variableOf(server, name)?.valueFrom).toEqual(reference);
    const { secretGenerator = [] } = kustomizationOf('k8s/overlays/local');
    const url = secretGenerator.find((one) => one.name === `${app}-database`)?.literals[0] ?? '';
    expect(url).toMatch(new RegExp(`^DATABASE_URL=postgres://${app}:[^@]+@postgres:5432/${app}$`));
  });
});

describe('the base of every service', () => {
  const container = base?.containers[0];
  const variable = (name: string): Variable | undefined => container?.env?.find((one) => one.name === name);

  it('asks for life and readiness where the service answers', () => {
    expect(container?.startupProbe?.httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container?.livenessProbe?.httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container?.readinessProbe?.httpGet).toEqual({ path: '/readyz', port: 'http' });
  });

  it('has the ports of the image', () => {
    const ports =
      container?.ports.map(({ name, containerPort }) => `${name.toUpperCase()}_PORT=${containerPort}`) ?? [];
    expect(textOf('Dockerfile')).toContain(ports.join(' '));
    const [service] = documentsOf(textOf('k8s/base/service.yaml')) as unknown as [
      { spec: { ports: { name: string; port: number }[] } },
    ];
    expect(service.spec.ports.map(({ name, port }) => `${name.toUpperCase()}_PORT=${port}`)).toEqual(ports);
  });

  it('lets the ordered stop end by itself', () => {
    const limit = Number(settingsOf('pricing').get('DRAIN_LIMIT_MS'));
    expect((base?.terminationGracePeriodSeconds ?? 0) * 1000).toBeGreaterThan(limit);
  });

  it('takes name, instance and address from the pod', () => {
    const paths = ['SERVICE_NAME', 'INSTANCE_ID', 'ADVERTISE_HOST'].map(
      (name) => variable(name)?.valueFrom?.fieldRef?.fieldPath,
    );
    expect(paths).toEqual(["metadata.labels['app.kubernetes.io/name']", 'metadata.name', 'status.podIP']);
  });

  it('keeps the snapshots of the registry where it may write', () => {
    const mount = container?.volumeMounts.find(({ mountPath }) => mountPath === variable('SNAPSHOT_DIR')?.value);
    expect(base?.volumes.find(({ name }) => name === mount?.name)?.emptyDir).toBeDefined();
  });

  it('tells services only what one of them reads', () => {
    const { configMapGenerator = [] } = kustomizationOf('k8s/overlays/local');
    const literals = configMapGenerator.flatMap(({ literals: all }) => all.map((one) => one.replace(/=.*/, '')));
    const names = [...literals, ...(container?.env ?? []).map(({ name }) => name)];
    const known = new Set(apps.flatMap((app) => [...settingsOf(app).keys()]));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});
