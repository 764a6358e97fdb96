import { type Pid, SupervisionEvent, type SupervisionStrategy } from '../src/index.js';
import { createTestSystem, type TestSystem } from '../src/testing/index.js';
import { type Script, scripted } from './scripted.js';

/** Fails its actor. */
export const fail: Script = () => {
  throw new Error('no');
};

/** Every directive from now on, with the child that it was for. */
export function directivesOf({ system }: TestSystem): string[] {
  const directives: string[] = [];
  system.events.subscribe(SupervisionEvent, ({ child, directive }) => directives.push(`${directive} ${child.id}`));
  return directives;
}

/** A parent with children a, b and c under a strategy. */
export async function family(strategy: SupervisionStrategy) {
  const kit: TestSystem = createTestSystem();
  const notes: string[] = [];
  const directives = directivesOf(kit);
  const children: Pid<Script | string>[] = [];
  const parent = kit.system.spawnNamed(scripted(notes, 'parent ').withStrategy(strategy), 'parent');
  kit.system.tell(parent, (context) => {
    for (const name of ['a', 'b', 'c']) children.push(context.spawnNamed(scripted(notes, `${name} `), name));
  });
  await kit.settle();
  notes.length = 0;
  const [a = kit.system.nobody, b = kit.system.nobody, c = kit.system.nobody] = children;
  return { ...kit, a, b, c, directives, notes, parent };
}
