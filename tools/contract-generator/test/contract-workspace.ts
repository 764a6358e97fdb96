import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { generate } from '../src/generator.js';
import { repository, type Workspace } from '../src/workspace.js';

/** A copy of the repository's contracts in a temporary folder, to change and to generate from. */
export class ContractWorkspace implements Workspace {
  readonly modules = repository.modules;

  private constructor(readonly root: string) {}

  static async create(): Promise<ContractWorkspace> {
    const root = await mkdtemp(path.join(tmpdir(), 'rookery-contract-test-'));
    await cp(path.join(repository.root, 'proto'), path.join(root, 'proto'), { recursive: true });
    await cp(path.join(repository.root, 'buf.yaml'), path.join(root, 'buf.yaml'));
    return new ContractWorkspace(root);
  }

  /** `name` is the path below proto/. */
  async write(name: string, text: string): Promise<void> {
    const place = path.join(this.root, 'proto', name);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, text);
  }

  async read(name: string): Promise<string> {
    return readFile(path.join(this.root, 'proto', name), 'utf8');
  }

  async addFixture(): Promise<void> {
    await cp(path.join(import.meta.dirname, 'fixture'), path.join(this.root, 'proto'), { recursive: true });
  }

  /** Generates, transpiles and imports modules such as `nest/index`. */
  async load(...modules: readonly string[]): Promise<Record<string, unknown>[]> {
    const folder = path.join(this.root, 'compiled');
    await mkdir(folder);
    await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
    await symlink(this.modules, path.join(folder, 'node_modules'));
    for (const [name, text] of (await generate(this)).files) {
      const place = path.join(folder, name.replace(/\.ts$/, '.js'));
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(
        place,
        ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 } })
          .outputText,
      );
    }
    return Promise.all(
      modules.map((name) => import(path.join(folder, `${name}.js`)) as Promise<Record<string, unknown>>),
    );
  }

  /** Checks the types of what was written to libs/contracts/src; says what the compiler says. */
  async compile(): Promise<string> {
    await symlink(this.modules, path.join(this.root, 'node_modules'));
    await writeFile(path.join(this.root, 'package.json'), '{ "type": "module" }');
    const settings = { extends: path.join(repository.root, 'tsconfig.base.json'), include: ['libs'] };
    const config = { ...settings, compilerOptions: { composite: false, noEmit: true } };
    await writeFile(path.join(this.root, 'tsconfig.json'), JSON.stringify(config));
    const compiler = path.join(this.modules, 'typescript7/bin/tsc');
    return new Promise((resolve) => {
      execFile(process.execPath, [compiler, '-p', this.root], (_error, stdout, stderr) => {
        resolve(stdout + stderr);
      });
    });
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true });
  }
}
