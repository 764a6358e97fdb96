// npm run docs [-- --check]: writes what the docs take from code and tables, or says where they differ from it.
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { blockText, replaceBlocks } from './doc-blocks.mjs';
import { filesOf, root, textOf } from './workspace.mjs';

const environmentFile = 'docs/environment.md';

/**
 * The page of settings, from the built classes that declare them: the kit's own, then each app's `app.config.ts`.
 *
 * @returns {Promise<string>}
 */
async function environmentPage() {
  const kit = await import(join(root, 'libs/service-kit/dist/index.js'));
  const sections = [
    { title: 'Every service', introduction: 'Read by the service kit.', settings: kit.ServiceConfig },
    ...(await Promise.all(filesOf('{apps,tools}/*/src/**/*.config.ts').map(settingsOf))).flat(),
  ];
  return kit.settingsPage(sections);
}

/** @param {string} file */
async function settingsOf(file) {
  const folder = dirname(file).split('/').slice(0, 2).join('/');
  const built = join(root, file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
  const declared = Object.values(await import(built)).filter(
    (value) => typeof value === 'function' && 'shape' in value,
  );
  return declared.map((settings) => ({
    title: folder,
    introduction: `Read by \`${folder}\` beside those of every service.`,
    settings,
  }));
}

/** @param {string} file @param {string} text */
const tidy = async (file, text) => format(text, { ...(await resolveConfig(join(root, file))), filepath: file });

/** Every page that is not what it should be, with what it should be. @returns {Promise<Map<string, string>>} */
async function outdated() {
  /** @type {Map<string, string>} */
  const pages = new Map();
  for (const file of filesOf('**/*.md').filter((path) => path !== environmentFile)) {
    const text = textOf(file);
    const written = replaceBlocks(text, (name) => blockText(name, file));
    if (written !== text) pages.set(file, await tidy(file, written));
  }
  pages.set(environmentFile, await tidy(environmentFile, await environmentPage()));
  for (const [file, page] of pages) {
    if (existsSync(join(root, file)) && textOf(file) === page) pages.delete(file);
  }
  return pages;
}

const pages = await outdated();
if (process.argv.includes('--check')) {
  for (const file of pages.keys()) console.error(`${file} is not what the code says`);
  if (pages.size > 0) process.exitCode = 1;
} else {
  for (const [file, page] of pages) writeFileSync(join(root, file), page);
}
