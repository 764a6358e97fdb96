import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { layers } from '../../../../architecture.config.mjs';
import { filesOf, root } from '../workspace.mjs';

/**
 * A workspace in a temporary folder with the real root configuration and the real project files, but no code: what is planted
 * in it is judged by the same rules and by nothing else.
 */
export class ScratchWorkspace {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'rookery-scratch-')));

  constructor() {
    const configuration = filesOf([
      '*.mjs',
      '.dependency-cruiser.mjs',
      '*.json',
      'libs/*/*.json',
      'tools/checks/src/*.mjs',
    ]);
    for (const file of configuration) cpSync(join(root, file), join(this.path, file));
    this.linkPackages();
    for (const { projects } of layers) {
      for (const folder of projects.filter((name) => name.startsWith('libs/')))
        this.write(`${folder}/src/index.ts`, empty);
    }
    this.write('libs/contracts/src/messages/index.ts', empty);
    this.write('libs/contracts/src/nest/index.ts', empty);
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), content);
  }

  /** Adds an app or a tool as a person would: a folder with its project file. */
  addProject(folder: string, layer: string): void {
    const name = folder.split('/').join('-');
    const project = {
      name,
      sourceRoot: `${folder}/src`,
      projectType: 'application',
      tags: [`layer:${layer}`],
      targets: { lint: {} },
    };
    this.write(`${folder}/project.json`, JSON.stringify(project));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Packages of others are links to ours; the workspace's own lead to the scratch's folders. */
  private linkPackages(): void {
    const ours = join(root, 'node_modules');
    const theirs = join(this.path, 'node_modules');
    mkdirSync(join(theirs, '@rookery'), { recursive: true });
    for (const name of readdirSync(ours).filter((entry) => entry !== '@rookery')) {
      symlinkSync(join(ours, name), join(theirs, name));
    }
    for (const file of filesOf('libs/*/package.json')) {
      const folder = dirname(file);
      symlinkSync(join(this.path, folder), join(theirs, '@rookery', folder.replace('libs/', '')));
    }
  }
}

const empty = 'export {};\n';
