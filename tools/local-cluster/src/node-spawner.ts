import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Child, type ChildListener, type ProcessPlan, type ReadyMessage, Spawner } from './supervised-process.js';

const guard = new URL('./orphan-guard.js', import.meta.url);

/** Starts Node processes of this Node, each with a channel to us and a guard that ends it when we are gone. */
export class NodeSpawner extends Spawner {
  constructor(private readonly directory: string) {
    super();
  }

  spawn(plan: ProcessPlan, listener: ChildListener): Child {
    const child = spawn(process.execPath, ['--enable-source-maps', `--import=${guard.href}`, plan.entry], {
      cwd: this.directory,
      // A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops the children in order.
      detached: true,
      env: { ...inherited(), ...plan.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => listener.onLine(line));
    }
    child.on('message', (message) => {
      if (isReady(message)) listener.onReady(message);
    });
    whenEnded(child, (how, code) => listener.onExit(how, code));
    return { pid: child.pid ?? 0, kill: (signal) => void child.kill(signal) };
  }
}

/** How all services speak with an agent that is the person's own. */
const OF_THE_AGENT = ['CONSUL_TOKEN', 'CONSUL_CHECK'];

/** The other settings of services come from the plan: a variable of the person's shell must not reach all of them. */
function inherited(): NodeJS.ProcessEnv {
  const ofTheMachine = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];
  const names = [...ofTheMachine, 'ALERT_WEBHOOK_URL', ...OF_THE_AGENT];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function whenEnded(child: ChildProcess, onEnd: (how: string, code: number | undefined) => void): void {
  let isTold = false;
  const tell = (how: string, code: number | undefined): void => {
    if (isTold) return;
    isTold = true;
    onEnd(how, code);
  };
  child.on('error', (error) => {
    if (child.pid === undefined) tell(`could not be started: ${error.message}`, undefined);
  });
  child.on('exit', (code, signal) =>
    tell(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`, code ?? undefined),
  );
}

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'ready';
}
