import { ContractError } from './contract-error.js';
import { differences, generate, writeAll } from './generator.js';
import { repositoryWorkspace as workspace } from './workspace.js';

const args = new Set(process.argv.slice(2));

try {
  const files = await generate(workspace);
  if (args.has('--check')) {
    const stale = await differences(workspace, files);
    if (stale.length > 0) {
      console.error(`libs/contracts/src is not what proto/ says; run npm run generate. Different:\n${stale.join('\n')}`);
      process.exitCode = 1;
    }
  } else {
    const changed = await writeAll(workspace, files);
    console.log(`${String(files.size)} files generated, ${String(changed.length)} changed`);
  }
} catch (error) {
  if (!(error instanceof ContractError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
