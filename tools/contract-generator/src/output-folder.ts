import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { outputFolderOf, type Workspace } from './workspace.js';

/** The files that differ between what is generated and what stands in the output folder. */
export async function differences(workspace: Workspace, files: ReadonlyMap<string, string>): Promise<string[]> {
  const present = await readFolder(outputFolderOf(workspace));
  const names = new Set([...present.keys(), ...files.keys()]);
  return [...names].filter((name) => present.get(name) !== files.get(name)).sort();
}

/** Replaces the output folder's content; files that are no longer generated go. */
export async function writeAll(workspace: Workspace, files: ReadonlyMap<string, string>): Promise<string[]> {
  const changed = await differences(workspace, files);
  for (const name of changed) {
    const place = path.join(outputFolderOf(workspace), name);
    const text = files.get(name);
    if (text === undefined) {
      await rm(place);
    } else {
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, text);
    }
  }
  return changed;
}

/** The text of every file below a folder, by its path in it. A folder that is not there is empty. */
export async function readFolder(folder: string): Promise<Map<string, string>> {
  await mkdir(folder, { recursive: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const place = path.join(entry.parentPath, entry.name);
    files.set(path.relative(folder, place).split(path.sep).join('/'), await readFile(place, 'utf8'));
  }
  return files;
}
