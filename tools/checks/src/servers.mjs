/**
 * What the suites of level `int` run against. A suite names the variable it reads, and that is how the runner knows what the
 * suite needs. Without it a suite fails under CI and is skipped elsewhere; `isOptional` skips it in both.
 *
 * @type {Readonly<Record<string, { start: string, isOptional?: true }>>}
 */
export const servers = {
  CONSUL_URL: { start: 'run `consul agent -dev` and set CONSUL_URL=http://127.0.0.1:8500' },
  DATABASE_URL: {
    start:
      'run `docker run -e POSTGRES_PASSWORD=rookery -p 127.0.0.1:5432:5432 postgres` and set DATABASE_URL=postgres://postgres:rookery@127.0.0.1:5432/postgres',
  },
  KUBECTL: { start: 'install kubectl, or set KUBECTL to its path', isOptional: true },
  SMALL_DISK: {
    start: 'run it as root on Linux, where a small tmpfs is mounted for it, or set SMALL_DISK to a folder on one',
    isOptional: true,
  },
  PROMTOOL: { start: "install Debian's package prometheus, or set PROMTOOL to the path of promtool", isOptional: true },
};

/** The variables a suite reads. @param {string} source */
export const serversOf = (source) => Object.keys(servers).filter((name) => new RegExp(`\\b${name}\\b`).test(source));

/**
 * Which suites can run, and why the others can't.
 *
 * @param {Readonly<Record<string, string>>} suites file to source
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {boolean} isCi
 */
export function plan(suites, environment, isCi) {
  const runnable = [];
  const reasons = [];
  const skips = [];
  for (const [file, source] of Object.entries(suites)) {
    const missing = serversOf(source).filter((name) => !environment[name]);
    const line = `${file} needs ${missing.map((name) => `${name}: ${servers[name]?.start}`).join('; ')}`;
    if (missing.length === 0) runnable.push(file);
    else if (isCi && missing.some((name) => !servers[name]?.isOptional)) reasons.push(line);
    else skips.push(line);
  }
  return { runnable, reasons, skips };
}
