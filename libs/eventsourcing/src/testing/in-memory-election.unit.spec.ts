import { describeElection, InMemoryElection } from './index.js';

describeElection('memory', async () => {
  const election = new InMemoryElection();
  return {
    election,
    another: election,
    cutOff: async (task) => election.depose(task),
    close: async () => undefined,
  };
});
