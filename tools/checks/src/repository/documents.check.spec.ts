import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { blockText, replaceBlocks } from '../doc-blocks.mjs';
import { filesOf, root, textOf } from '../workspace.mjs';

const pages = filesOf('**/*.md');
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

/** As GitHub makes an anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/`/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const withoutCode = (text: string): string => text.replace(/```[\s\S]*?```/g, '');

const anchorsOf = (page: string): string[] =>
  [...withoutCode(textOf(page)).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Links of a page that lead to nothing; those to the outside are not followed. */
function brokenLinks(page: string): string[] {
  const links = [...withoutCode(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : normalize(join(dirname(page), path));
    if (target.startsWith('..') || !existsSync(join(root, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
  });
}

/** Commands of npm that a page tells the reader to run. */
function unknownCommands(page: string): string[] {
  const commands = [...textOf(page).matchAll(/\bnpm (?:run ([a-z][\w:-]*)|(start|test)\b)/g)];
  return commands.map(([, script, word]) => script ?? word ?? '').filter((name) => !(name in scripts));
}

describe('documents', () => {
  it.each(pages)('%s links to what exists', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it.each(pages)('%s names commands that exist', (page) => {
    expect(unknownCommands(page)).toEqual([]);
  });

  it.each(pages)('%s takes its tables and code from files and regions that exist', (page) => {
    expect(() => replaceBlocks(textOf(page), (name) => blockText(name, page))).not.toThrow();
  });

  it('name no place on one machine and nothing outside this repository', () => {
    const texts = filesOf(['**/*.{md,ts,mjs,json,yml,yaml,proto,sh,html,css,js}', 'Dockerfile', '.*rc', '.*ignore']);
    const place = /(?<![\w.$}])\/(home|Users|root|work)\/\w|\b[A-Z]:\\\\|(?<![\w.])\.\.\/shared\b/;
    const found = texts.filter((file) => file !== 'package-lock.json' && place.test(textOf(file)));
    expect(found.filter((file) => !file.endsWith('documents.check.spec.ts'))).toEqual([]);
  });
});

describe('the guide to observability', () => {
  it('names every metric that the sources register', () => {
    const sources = filesOf('{apps,libs}/*/src/**/*.ts').filter((file) => !file.endsWith('.spec.ts'));
    const names = sources.flatMap((file) =>
      [...textOf(file).matchAll(/\bname: '(rookery_\w+)'/g)].map(([, name]) => name),
    );
    const guide = textOf('docs/guides/observability.md');
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !guide.includes(`| \`${name}\` `))).toEqual([]);
  });
});
