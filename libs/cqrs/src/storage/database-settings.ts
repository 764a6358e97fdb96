import { setting } from '@rookery/service-kit';

/** The settings of a service that stores events, to be part of its own. */
export const databaseSettings = {
  DATABASE_URL: setting.text({
    meaning: 'The database of this service: PostgreSQL 15 or later.',
    pattern: /^postgres(ql)?:\/\/\S+$/,
    allowed: 'a URL such as postgres://user:password@host:5432/database',
    isSecret: true,
  }),
  DATABASE_CONNECTIONS: setting.integer({
    meaning: 'Connections of one instance at most; two more watch who leads.',
    default: 10,
    min: 2,
    max: 500,
  }),
  COMMAND_ANSWER_HOURS: setting.integer({
    meaning: 'How long the answer of a command is kept, and with it the knowledge that it was carried out.',
    default: 168,
    min: 1,
    max: 87_600,
  }),
};

/** What these settings say, whatever class of settings they are part of. */
export abstract class DatabaseConfig {
  abstract readonly DATABASE_URL: string;
  abstract readonly DATABASE_CONNECTIONS: number;
  abstract readonly COMMAND_ANSWER_HOURS: number;
}
