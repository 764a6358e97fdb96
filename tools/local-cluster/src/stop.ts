import type { LocalCluster } from './local-cluster.js';
import type { Terminal } from './terminal.js';

const PARENT_LOOK_MS = 500;

/** Turns signals into the ordered stop of the cluster, and a repeated one into its quick end. */
export class Stop {
  /** Resolves when nothing runs any more. */
  readonly done: Promise<void>;
  exitCode = 0;
  /** The cluster cannot become ready, and stops for that reason. */
  isFailure = false;
  private finish: () => void = () => undefined;

  constructor(
    private readonly cluster: LocalCluster,
    private readonly terminal: Terminal,
  ) {
    this.done = new Promise((resolve) => (this.finish = resolve));
    process.on('SIGINT', () => this.asked('Ctrl-C'));
    process.on('SIGTERM', () => this.asked('SIGTERM'));
    process.on('SIGHUP', () => this.asked('the terminal was closed'));
    process.stdout.on('error', () => this.lostOutput());
    if (process.env['npm_lifecycle_event'] !== undefined) this.watchParent(process.ppid);
  }

  /** Stops a cluster that cannot become ready, unless it stops already. */
  giveUp(): void {
    if (this.cluster.isStopping) return;
    this.isFailure = true;
    this.asked('not all processes can start');
  }

  /** A killed npm cannot tell us to stop; that our parent changed can. */
  private watchParent(parent: number): void {
    const look = (): void => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      this.asked('npm is gone');
    };
    const timer = setInterval(look, PARENT_LOOK_MS).unref();
  }

  /** Each further word would be one more such error, and none of them a second wish. */
  private lostOutput(): void {
    this.terminal.mute();
    if (!this.cluster.isStopping) this.asked('the output was closed');
  }

  private asked(why: string): void {
    this.terminal.clearStatus();
    if (this.cluster.isStopping) {
      // npm passes on a Ctrl-C that the terminal has sent us already: only one that comes later is a second wish.
      if (performance.now() - this.askedAt < SAME_WISH_MS) return;
      this.terminal.print('stopping at once');
      this.exitCode = 130;
      this.cluster.kill();
      return;
    }
    this.askedAt = performance.now();
    this.terminal.print(`${why}: stopping in order; once more to stop at once`);
    void this.cluster.stop().then(this.finish);
  }

  private askedAt = 0;
}

const SAME_WISH_MS = 300;
