import { describe, expect, it } from '@jest/globals';

import { parseTemplate } from './path-template.js';
import { RouteTree } from './route-tree.js';

function tree(...templates: string[]): RouteTree<string> {
  const made = new RouteTree<string>();
  for (const template of templates) made.add('GET', parseTemplate(template), template);
  return made;
}

describe('a template', () => {
  it.each([
    ['/v1/a', '/v1/a', []],
    ['/v1/{x}', '/v1/*', [['x', 1, 2]]],
    ['/v1/{x.y=a/*/b/**}:go', '/v1/a/*/b/**:go', [['x.y', 1, undefined]]],
    [
      '/{a}/{b=*}/c',
      '/*/*/c',
      [
        ['a', 0, 1],
        ['b', 1, 2],
      ],
    ],
  ])('%s matches what %s matches', (text, signature, variables) => {
    const template = parseTemplate(text);
    expect(template.signature).toBe(signature);
    expect(template.variables.map(({ field, from, to }) => [field, from, to])).toEqual(variables);
  });

  it.each([
    'v1',
    '/',
    '/a//b',
    '/{a',
    '/a}',
    '/x{a}',
    '/{a}x',
    '/{=a}',
    '/{a=b=c}',
    '/**/a',
    '/{a}/{a}',
    '/{a={b}}',
    '/%zz',
    '',
  ])('%j is refused', (text) => {
    expect(() => parseTemplate(text)).toThrow(/./);
  });
});

describe('among templates', () => {
  it.each([
    [['/a/{x}', '/a/b'], '/a/b', '/a/b'],
    [['/a/b', '/a/{x}'], '/a/c', '/a/{x}'],
    [['/{x=**}', '/a/{x}'], '/a/c', '/a/{x}'],
    [['/{x=**}', '/a/{x}'], '/a/c/d', '/{x=**}'],
    [['/a/b/c', '/a/{x}/d'], '/a/b/d', '/a/{x}/d'],
    [['/a/{x}', '/a/{x}:go'], '/a/b:go', '/a/{x}:go'],
    [['/a/{x}', '/a/{x}:go'], '/a/b:stop', '/a/{x}'],
    [['/a b/{x}'], '/a%20b/c', '/a b/{x}'],
    [['/a/{x}'], '/a/', undefined],
    [['/a/{x}'], '/a/b/', undefined],
    [['/a'], 'a', undefined],
    [['/{x=**}'], `/${'a/'.repeat(200)}`, undefined],
  ])('%j, %s finds %s', (templates, path, expected) => {
    expect(tree(...templates).find('GET', path)?.route).toBe(expected);
  });

  it('another method is found on the worse path when the better one lacks it', () => {
    const made = tree('/a/{x}');
    made.add('POST', parseTemplate('/a/b'), 'post');
    expect(made.find('GET', '/a/b')?.route).toBe('/a/{x}');
    expect(made.methodsAt('/a/b')).toEqual(['GET', 'POST']);
  });
});
