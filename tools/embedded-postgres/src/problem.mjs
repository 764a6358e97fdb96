/** PostgreSQL cannot run as it is asked to. The message says why and what to do; trying again would change nothing. */
export class ServerProblem extends Error {
  /** @override */
  name = 'ServerProblem';
}

/** sysexits.h EX_CONFIG: tells a supervisor that another start would end alike. */
export const EXIT_CONFIG = 78;

/** The code of an error of Node's own. @param {unknown} error */
export const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code;
