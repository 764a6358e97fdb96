import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { filesOf, root } from '../workspace.mjs';
import { settingsOf } from './declared-settings.js';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly strategy?: object;
    readonly selector: { readonly matchLabels: object };
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: object };
  };
}

const name = 'app.kubernetes.io/name';
const apps = filesOf('apps/*/project.json').map((file) => dirname(file).replace('apps/', ''));

/** The manifests as a cluster gets them: put together by the only program that knows all of kustomize's rules. */
function rendered(): Manifest[] {
  const program = process.env['KUBECTL'];
  if (program === undefined) throw new Error('KUBECTL is not set: install kubectl');
  const { stdout, stderr, status } = spawnSync(program, ['kustomize', 'k8s'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`kubectl kustomize k8s: ${stderr}`);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

describe('kubectl kustomize k8s', () => {
  const manifests = rendered();
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment');

  it('renders one Deployment for each app, beside Consul and the dev issuer', () => {
    const names = deployments.map(({ metadata }) => metadata.labels[name]);
    expect(names.sort()).toEqual([...apps, 'consul', 'issuer'].sort());
  });

  it.each(deployments.map((one) => [one.metadata.name, one] as const))('%s selects its own pods', (_, deployment) => {
    const own = { [name]: deployment.metadata.labels[name] };
    expect(deployment.spec.selector.matchLabels).toEqual(own);
    expect(deployment.spec.template.metadata.labels).toMatchObject(own);
  });

  it.each(apps)('%s runs under its own account with the settings of the overlay', (app) => {
    const deployment = deployments.find(({ metadata }) => metadata.labels[name] === app);
    const maps = manifests.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name);
    const settings = maps.find((one) => one.startsWith('environment-'));
    expect(deployment?.spec.template.spec).toMatchObject({
      serviceAccountName: `${app}-service`,
      containers: [{ image: `rookery/${app}:dev`, envFrom: [{ configMapRef: { name: settings } }] }],
    });
  });

  it('lets PostgreSQL and a service find its database by the same secret', () => {
    const server = manifests.find(({ kind }) => kind === 'StatefulSet');
    const told = JSON.stringify(server?.spec.template.spec);
    const secrets = manifests.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name);
    for (const app of apps.filter((one) => settingsOf(one).has('DATABASE_URL'))) {
      const [secret = 'none', ...others] = secrets.filter((one) => one.startsWith(`${app}-database-`));
      const deployment = deployments.find(({ metadata }) => metadata.labels[name] === app);
      expect(others).toEqual([]);
      for (const spec of [told, JSON.stringify(deployment?.spec.template.spec)]) expect(spec).toContain(`"${secret}"`);
    }
  });

  it('never runs two monitors at once, of which each would see a part', () => {
    const monitor = deployments.find(({ metadata }) => metadata.labels[name] === 'monitor');
    expect(monitor?.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    expect(monitor?.spec.strategy).not.toHaveProperty('rollingUpdate');
  });

  it.each(['Service', 'PodDisruptionBudget', 'NetworkPolicy', 'ServiceAccount'])('gives every app a %s', (kind) => {
    const named = manifests.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
    expect(named).toEqual(expect.arrayContaining(apps.map((app) => `${app}-service`)));
  });
});
