import { describe, expect, it } from '@jest/globals';
import { blockText, replaceBlocks } from './doc-blocks.mjs';

describe('blocks of a page', () => {
  const page = 'before\n<!-- written: one -->\nold\n<!-- /written -->\nafter';

  it('are written anew, and nothing around them', () => {
    expect(replaceBlocks(page, (name) => `new ${name}`)).toBe(
      'before\n<!-- written: one -->\n\nnew one\n\n<!-- /written -->\nafter',
    );
  });

  it('stay as they are when written twice', () => {
    const once = replaceBlocks(page, () => 'new');
    expect(replaceBlocks(once, () => 'new')).toBe(once);
  });

  it('draw each layer with arrows to those just below it', () => {
    const diagram = blockText('layer-diagram', 'a.md');
    expect(diagram).toContain('app --> platform');
    expect(diagram).not.toContain('app --> kernel');
    expect(diagram).not.toContain('kernel --> kernel');
  });

  it('take code from a file', () => {
    expect(blockText('code:tools/checks/src/build.mjs', 'a.md')).toMatch(/^```mjs\n[^]*runChild[^]*```$/);
  });

  it('name what is missing', () => {
    expect(() => blockText('nothing', 'a.md')).toThrow(/a\.md asks for "nothing"; there are layer-diagram/);
    expect(() => blockText('code:tools/checks/src/build.mjs#there', 'a.md')).toThrow('has no region there');
  });
});
