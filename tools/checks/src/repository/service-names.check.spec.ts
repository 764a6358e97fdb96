import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { filesOf, root, textOf } from '../workspace.mjs';

const apps = filesOf('apps/*/project.json').map((file) => dirname(file).replace('apps/', ''));
const composeFile = 'docker-compose.yml';
const hasCompose = existsSync(join(root, composeFile));

interface Compose {
  readonly services: Readonly<Record<string, { build?: { args?: { APP?: string } } }>>;
}

/** Names that the manifests in a service's folder give it: its label, however it is set. */
function kubernetesNames(app: string): string[] {
  const documents = filesOf(`k8s/services/${app}/*.yaml`).flatMap((file) => parseAllDocuments(textOf(file)));
  const text = JSON.stringify(documents.map((document) => document.toJS() as unknown));
  return [...new Set([...text.matchAll(/"app\.kubernetes\.io\/name":"([^"]+)"/g)].map((match) => match[1] ?? ''))];
}

describe.each(apps)('the service %s', (app) => {
  it('registers under the name of its folder', () => {
    const registered = /ServiceKitModule\.forRoot\(\{\s*name: '([^']+)'/.exec(
      textOf(`apps/${app}/src/app.module.ts`),
    )?.[1];
    expect(registered).toBe(app);
  });

  if (hasCompose) {
    it('is a compose service of that name, built from that folder', () => {
      const { services } = parse(textOf(composeFile), { merge: true }) as Compose;
      expect(services[app]?.build?.args?.APP).toBe(app);
    });
  }

  if (existsSync(join(root, 'k8s'))) {
    it('carries that name as its Kubernetes label', () => {
      expect(kubernetesNames(app)).toEqual([app]);
    });
  }
});
