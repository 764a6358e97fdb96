import { expect } from '@jest/globals';
import { describeElection } from '@rookery/eventsourcing/testing';
import { PostgresElection } from './postgres-election.js';
import { TestDatabase } from './testing/index.js';

const server = process.env['DATABASE_URL'] ?? '';

describeElection('PostgreSQL', async () => {
  const own = await TestDatabase.create(server);
  const election = new PostgresElection(own.open({ applicationName: `${own.name}_cut_off` }), { beatMs: 50 });
  const another = new PostgresElection(own.open(), { beatMs: 50 });
  return {
    election,
    another,
    cutOff: async () => {
      expect(await own.killConnections(`${own.name}_cut_off`)).toBe(1);
    },
    close: async () => {
      election.close();
      another.close();
      await own.drop();
    },
  };
});
