import { budgets, importRules, layers } from '../../../architecture.config.mjs';
import { levels } from './levels.mjs';
import { servers } from './servers.mjs';
import { textOf } from './workspace.mjs';

// A block of a page that is written by `npm run docs` stands between `<!-- written: NAME -->` and `<!-- /written -->`.
const block = /<!-- written: (\S+) -->\n[\s\S]*?<!-- \/written -->/g;

/**
 * @param {string} page
 * @param {(name: string) => string} write
 */
export const replaceBlocks = (page, write) =>
  page.replace(
    block,
    (_, /** @type {string} */ name) => `<!-- written: ${name} -->\n\n${write(name)}\n\n<!-- /written -->`,
  );

/** @param {string} name @param {string} page for the message, when there is no such block */
export function blockText(name, page) {
  const [kind = '', source] = name.split(/:(.*)/);
  if (kind === 'code' && source) return code(source);
  const write = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
  if (!write)
    throw new Error(`${page} asks for "${name}"; there are ${Object.keys(blocks).join(', ')} and code:FILE#REGION`);
  return write();
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** @param {readonly string[]} names */
const codes = (names) => names.map((name) => `\`${name}\``).join(', ');

/** @type {Readonly<Record<string, () => string>>} */
const blocks = {
  'layer-diagram': () => ['```mermaid', 'flowchart TD', ...layers.flatMap(drawn), '```'].join('\n'),
  'layer-table': () =>
    table(
      ['layer', 'projects', 'is', 'may import', 'because'],
      layers.map(({ name, projects, meaning, mayImport, reason }) => [
        name,
        codes(projects),
        meaning,
        mayImport.length > 0 ? mayImport.join(', ') : 'nothing',
        reason,
      ]),
    ),
  'import-rules': () =>
    table(
      ['rule', 'because'],
      importRules.map(({ name, reason }) => [`\`${name}\``, reason]),
    ),
  'budget-table': () =>
    table(
      ['in', 'lines of a file', 'lines of a function', 'complexity'],
      Object.entries(budgets).map(([folder, { fileLines, functionLines, complexity }]) => [
        `\`${folder}/\``,
        ...[fileLines, functionLines, complexity].map(String),
      ]),
    ),
  'level-table': () =>
    table(
      ['level', 'file name', 'what it takes'],
      Object.entries(levels).map(([name, { suffix, meaning }]) => [name, `\`*${suffix}\``, meaning]),
    ),
  'server-table': () =>
    table(
      ['variable', 'how to start it'],
      Object.entries(servers).map(([name, { start }]) => [`\`${name}\``, start]),
    ),
};

/** A layer and its arrows: to the layers it may import and that no other of them leads to. @param {typeof layers[number]} row */
function drawn({ name, projects, meaning, mayImport }) {
  const direct = mayImport.filter(
    (target) =>
      target !== name && !mayImport.some((other) => other !== target && other !== name && reaches(other, target)),
  );
  return [
    `  ${name}["<b>${name}</b>: ${meaning}<br/>${projects.join(', ')}"]`,
    ...direct.map((target) => `  ${name} --> ${target}`),
  ];
}

/** @param {string} from @param {string} to */
const reaches = (from, to) =>
  layers.some(({ name, mayImport }) => name === from && from !== to && mayImport.some((layer) => layer === to));

/** A file, or the lines of it between `// #region NAME` and `// #endregion`. @param {string} source */
function code(source) {
  const [file = '', region] = source.split('#');
  const lines = textOf(file).trimEnd().split('\n');
  const start = region ? lines.findIndex((line) => line.trim() === `// #region ${region}`) + 1 : 0;
  if (region && start === 0) throw new Error(`${file} has no region ${region}`);
  const length = region ? lines.slice(start).findIndex((line) => line.trim() === '// #endregion') : lines.length;
  if (length < 0) throw new Error(`the region ${region} of ${file} does not end`);
  return [`\`\`\`${file.split('.').at(-1)}`, ...lines.slice(start, start + length), '```'].join('\n');
}
