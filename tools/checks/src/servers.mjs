/**
 * What the suites of level `int` run against. A suite names the variable it reads, and that is how the runner knows what the
 * suite needs. Without it a suite fails under CI and is skipped elsewhere; `isOptional` skips it in both.
 *
 * @type {Readonly<Record<string, { start: string, isOptional?: true }>>}
 */
export const servers = {
  CONSUL_URL: { start: 'run `consul agent -dev` and set CONSUL_URL=http://127.0.0.1:8500' },
  PROMTOOL: { start: "install Debian's package prometheus, or set PROMTOOL to the path of promtool", isOptional: true },
};

/** The variables a suite reads. @param {string} source */
export const serversOf = (source) => Object.keys(servers).filter((name) => new RegExp(`\\b${name}\\b`).test(source));
