// What a page tells its reader to type: the commands in its `sh` blocks, and what it says that the last of a block answers.

/**
 * @typedef {{ text: string, line: number, answer?: string }} Command
 * `answer` is the `json` or `text` block right behind, where `…` stands for anything.
 */

/** A block of code, also one that a list indents. Its language is the first word of its fence. */
const fence = /^( *)```([^\s`]*)[^\n`]*\n([\s\S]*?)^\1``` *$/gm;

/** @param {string} page @returns {readonly { language: string, text: string, line: number, end: number }[]} */
export const blocksOf = (page) =>
  [...page.matchAll(fence)].map(({ 0: whole, 1: indent = '', 2: language = '', 3: text = '', index }) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    line: page.slice(0, index).split('\n').length + 1,
    end: index + whole.length,
  }));

/** @param {string} page @returns {readonly Command[]} */
export function commandsOf(page) {
  const blocks = blocksOf(page);
  return blocks.flatMap(({ language, text, line, end }, at) => {
    if (language !== 'sh') return [];
    const commands = split(text, line);
    const next = blocks[at + 1];
    const last = commands.at(-1);
    const isAnswer = next !== undefined && /^(json|text)$/.test(next.language) && isRightBehind(page, end);
    return isAnswer && last ? [...commands.slice(0, -1), { ...last, answer: next.text }] : commands;
  });
}

/** @param {string} page @param {number} end */
const isRightBehind = (page, end) => /^\s*```/.test(page.slice(end));

/** One command for each line; a line that cannot end there goes on with the next. @param {string} text @param {number} first */
function split(text, first) {
  /** @type {Command[]} */
  const commands = [];
  let isOpen = false;
  for (const [index, line] of text.trimEnd().split('\n').entries()) {
    const last = commands.at(-1);
    if (isOpen && last) last.text += `\n${line}`;
    else if (/^\s*[^\s#]/.test(line)) commands.push({ text: withoutComment(line), line: first + index });
    isOpen = goesOn(commands.at(-1)?.text ?? '');
  }
  return commands;
}

/** @param {string} line */
const withoutComment = (line) => line.replace(/\s+# .*$/, '');

/** Behind a backslash, a bar or an operator, and within quotes. @param {string} text */
const goesOn = (text) => /(\\|\||&&)$/.test(text) || /['"]/.test(text.replaceAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/g, ''));

/**
 * Whether this is what a page shows; white space aside.
 *
 * @param {string} output @param {string} answer
 */
export function isAnsweredBy(output, answer) {
  const parts = tight(answer).split('…').map(literal);
  return new RegExp(`^${parts.join('.*')}$`).test(tight(output));
}

/** @param {string} text */
const tight = (text) => text.replaceAll(/\s/g, '');

/** As a regular expression that means just this. @param {string} text */
const literal = (text) => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
