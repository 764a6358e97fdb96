import { describe, expect, it } from '@jest/globals';
import { blocksOf } from '../shell-blocks.mjs';
import { filesOf, textOf } from '../workspace.mjs';
import { commandsToRun, isOfUse, notRun, smaller } from './commands-not-run.js';

const pages = filesOf('**/*.md');
/** `npm`, and what else a reader is told to type. */
const typed = /^\s*(\$ |(npm|npx|node|curl|docker|kubectl|consul|git|kill) )/m;

describe('commands of the pages', () => {
  it.each(pages)('%s has in blocks of sh, where they are run', (page) => {
    const misplaced = blocksOf(textOf(page)).filter(
      ({ language, text }) => language !== 'sh' && (/^(bash|shell|console|zsh)?$/.test(language) || typed.test(text)),
    );
    expect(misplaced.map(({ line, language }) => `${page}:${line} is ${language || 'of no language'}`)).toEqual([]);
  });

  it('that are not run are still there', () => {
    expect(notRun.filter((row) => !isOfUse(row))).toEqual([]);
  });

  it('that are not run have a reason that is a sentence', () => {
    expect(notRun.filter(({ because }) => !/^[A-Z].{20,}\.$/.test(because))).toEqual([]);
  });

  it('that are run elsewhere with less to do are run by a spec that names them', () => {
    const wrong = notRun.filter(({ command, spec }) => {
      const script = /^npm (run )?\S+/.exec(command)?.[0];
      return spec !== undefined && (script === undefined || !filesOf(spec)[0] || !textOf(spec).includes(script));
    });
    expect(wrong).toEqual([]);
  });

  it('that are run with less to do are still there', () => {
    const run = pages.flatMap(commandsToRun);
    expect(smaller.filter(([written]) => !run.some(({ text }) => text.includes(written)))).toEqual([]);
  });
});
