import { describe, expect, it } from '@jest/globals';
import { filesOf, textOf } from '../workspace.mjs';
import { lockPlaces, lockRules, locksIn } from './lock-rules.js';
import { plantedLocks } from './planted-violations.js';

const sources = filesOf('{apps,libs,tools}/*/src/**/*.{ts,mjs,js,sql}').filter(
  (file) => !/\.(spec|contract)\.ts$|\/testing\//.test(file) && !file.startsWith('tools/checks/src/repository/'),
);

describe('locks', () => {
  it('do the work of no aggregate', () => {
    const found = sources
      .filter((file) => !Object.hasOwn(lockPlaces, file))
      .map((file) => [file, locksIn(textOf(file))]);
    expect(sources.length).toBeGreaterThan(500);
    expect(found.filter(([, locks = []]) => locks.length > 0)).toEqual([]);
  });

  it('are in each place that may have one', () => {
    expect(Object.keys(lockPlaces).filter((file) => locksIn(textOf(file)).length === 0)).toEqual([]);
  });

  it.each(plantedLocks.map((planted) => [planted.rule, planted.file, planted.content] as const))(
    'are found: a %s in %s',
    (rule, file, content) => {
      expect(Object.keys(lockPlaces)).not.toContain(file);
      expect(locksIn(content)).toEqual([rule]);
    },
  );

  it('have a violation planted for every rule', () => {
    expect(lockRules.map(({ name }) => name).filter((name) => !plantedLocks.some(({ rule }) => rule === name))).toEqual(
      [],
    );
  });
});
