import { textOf } from '../workspace.mjs';

/** The settings that a service reads, with their defaults, as the page of environment variables has them. */
export function settingsOf(app: string): ReadonlyMap<string, string> {
  const sections = textOf('docs/environment.md').split(/^## /m);
  const own = sections.filter((section) => /^Every service\b/.test(section) || section.startsWith(`apps/${app}\n`));
  const rows = own.flatMap((section) => [
    ...section.matchAll(/^\| `([A-Z_]+)` *\|[^|]*\| *(?:`([^`]*)`|none|\*\*required\*\*) *\|/gm),
  ]);
  return new Map(rows.map(([, name = '', fallback = '']) => [name, fallback]));
}
