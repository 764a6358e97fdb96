import { describe, expect, it } from '@jest/globals';
import { filesOf, textOf } from '../workspace.mjs';

type Versions = Readonly<Record<string, string>>;
interface Manifest {
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly optionalDependencies?: Versions;
  readonly peerDependencies?: Versions;
}

const manifest = JSON.parse(textOf('package.json')) as Manifest;
const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, Manifest> };
const exact = /^(npm:(@[^@]+|[^@]+)@)?\d+\.\d+\.\d+(-[\w.]+)?$/;

/** Where npm would look for a package that another one asks for: beside it, then further and further out. */
function isLocked(name: string, asker: string): boolean {
  for (let place = asker; ; place = place.slice(0, Math.max(0, place.lastIndexOf('node_modules/')))) {
    const folder = place === '' || place.endsWith('/') ? place : `${place}/`;
    if (`${folder}node_modules/${name}` in lock.packages) return true;
    if (place === '') return false;
  }
}

describe('dependencies', () => {
  it('are pinned exactly', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    expect(Object.entries(all).filter(([, version]) => !exact.test(version))).toEqual([]);
  });

  it('stand in the root package.json alone', () => {
    const others = filesOf('{apps,libs,tools}/*/package.json').filter((file) => {
      const { dependencies = {}, devDependencies = {}, peerDependencies = {} } = JSON.parse(textOf(file)) as Manifest;
      return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }).length > 0;
    });
    expect(others).toEqual([]);
  });

  it('are the ones that the lock holds', () => {
    const root = lock.packages[''] ?? {};
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    expect(root).toMatchObject({ dependencies, devDependencies, optionalDependencies });
  });

  // npm install writes a lock without the optional packages that a mirror lacks, and the next npm ci refuses it.
  it('have every platform of their optional packages in the lock', () => {
    const missing = Object.entries(lock.packages).flatMap(([asker, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(name, asker))
        .map((name) => `${asker} wants ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
