import { describeCheckpoints, InMemoryCheckpoints, type InMemoryTransaction } from './index.js';

describeCheckpoints('memory', async () => {
  const checkpoints = new InMemoryCheckpoints();
  const words: string[] = [];
  return {
    checkpoints,
    another: checkpoints,
    write: async (transaction: InMemoryTransaction, word: string) => transaction.onCommit(() => words.push(word)),
    written: async () => words,
    close: async () => undefined,
  };
});
