import type { Setting, SettingsClass } from './settings.js';

/** A heading and the settings below it. */
export interface SettingsSection {
  readonly title: string;
  readonly introduction: string;
  readonly settings: SettingsClass;
}

/** The Markdown of `docs/environment.md`, from the declarations themselves. */
export function settingsPage(sections: readonly SettingsSection[]): string {
  const parts = sections.map(({ title, introduction, settings }) =>
    [`## ${title}`, '', introduction, '', ...table(settings)].join('\n'),
  );
  return [
    '# Environment variables',
    '',
    '<!-- Generated from the settings that the code declares. Do not edit: run `npm run docs`. -->',
    '',
    'Every service reads its settings from the environment when it starts. A value that is not allowed stops it with exit',
    'code 78 before it listens or registers, and all problems are told at once. An empty value counts as not set, except',
    'where the default or the meaning says that it may be empty.',
    '',
    `${parts.join('\n\n')}\n`,
  ].join('\n');
}

function table(type: SettingsClass): readonly string[] {
  const rows = Object.entries(type.shape).map(
    ([name, one]) => `| \`${name}\` | ${cell(one.allowed)} | ${shownDefault(one)} | ${cell(one.meaning)} |`,
  );
  return ['| variable | allowed | default | meaning |', '| --- | --- | --- | --- |', ...rows];
}

function shownDefault(one: Setting<unknown>): string {
  if (one.isRequired) return '**required**';
  if (one.fallback === undefined) return 'none';
  return one.fallback === ''
    ? 'empty'
    : `\`${typeof one.fallback === 'string' ? one.fallback : JSON.stringify(one.fallback)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
