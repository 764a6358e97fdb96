import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Waits at a pipe from us. A word means that the server has ended and all is well; the end of the pipe without one means
 * that we were killed: then the server is stopped, with more and more force, and what is temporary is removed. Processes
 * that somebody has halted are woken first, or they would outlive their server asleep.
 */
const script = `
pid=$1 lock=$2 temporary=$3
if read -r word; then exit 0; fi
serves() { kill -0 "$pid" 2>/dev/null && [ "$(head -n 1 "$lock" 2>/dev/null)" = "$pid" ]; }
wake() {
  for one in "$pid" $(cat "/proc/$pid/task/$pid/children" 2>/dev/null || ps -A -o ppid=,pid= | awk "\\$1 == $pid { print \\$2 }"); do
    kill -CONT "$one" 2>/dev/null
  done
}
gone() { n=0; while serves; do n=$((n + 1)); [ "$n" -gt "$1" ] && return 1; sleep 0.1; done; }
end() {
  for signal in INT QUIT KILL; do
    serves || return 0
    wake
    kill -"$signal" "$pid" 2>/dev/null
    gone 50 && return 0
  done
}
end
[ -z "$temporary" ] || rm -rf "$temporary"
`;

/**
 * Sees to it that the server ends also when this process is killed. Call what it returns when the server has ended.
 *
 * @param {number} pid
 * @param {string} data
 * @param {string | undefined} temporary folder to remove then
 */
export function watch(pid, data, temporary) {
  // Kept out of our process group, or what ends us would end it too.
  const child = spawn(
    '/bin/sh',
    ['-c', script, 'watchdog', String(pid), join(data, 'postmaster.pid'), temporary ?? ''],
    {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  child.unref();
  // The shell can only be gone if somebody ended it; the server goes on without it.
  child.stdin.on('error', () => undefined);
  return () => void child.stdin.end('ended\n');
}
