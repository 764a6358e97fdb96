/** What a file may say it is: the last word before `.ts` in `thing.role.ts`. A bare noun (`mailbox.ts`) needs none. */
export const roles: readonly string[] = [
  ...['module', 'config', 'grpc.controller', 'http.controller', 'handler', 'query', 'aggregate', 'commands', 'events'],
  ...[
    'decisions',
    'projection',
    'process',
    'actor',
    'grain',
    'port',
    'store',
    'client',
    'publisher',
    'consumer',
    'mapper',
  ],
  ...[
    'reaction',
    'registrar',
    'resolver',
    'balancer',
    'interceptor',
    'guard',
    'pipe',
    'filter',
    'strategy',
    'contract',
  ],
];

/** Names that say nothing of what is inside, alone or as the last word of a name; such a drawer fills up. */
export const forbiddenNames: readonly string[] = [
  ...['util', 'utils', 'helper', 'helpers', 'common', 'shared', 'misc', 'manager', 'impl', 'base'],
];

/** The folders of a library in which `index.ts` may stand: its entry points. */
export const entryPoints = /^libs\/[^/]+\/src\/((messages|nest|testing)\/)?index\.ts$/;
