import type { Clock, Random, Scheduler } from '@rookery/runtime';
import type { Intake, PeerConnection, Route, RouteListener } from '../remote/peer-network.port.js';

/** What lies between processes. */
export interface Wire {
  readonly time: { readonly clock: Clock };
  readonly random: Random;
  readonly options: { readonly roomBytes: number; readonly reconnectMs: number };
  /** How long what is sent now is on its way. */
  delay(): number;
  isBlocked(from: string, to: string): boolean;
  reach(from: string, to: string): FarEnd | undefined;
}

/** A process that opens ways. */
export interface NearEnd {
  readonly network: Wire;
  readonly address: string;
  readonly scheduler: Scheduler;
  readonly isAlive: boolean;
}

/** A process to which ways lead. */
export interface FarEnd {
  readonly scheduler: Scheduler;
  /** What happens to connections when it crashes. */
  readonly incoming: Set<() => void>;
  accept(connection: PeerConnection): Intake | undefined;
}

/** One connection: what is sent on it arrives in order, until each end has seen it break. */
interface Connection {
  readonly intake: Intake;
  readonly scheduler: Scheduler;
  readonly leave: () => void;
  isBroken: boolean;
  /** What was sent before the break may arrive as long as this holds. */
  isHeard: boolean;
  taken: number;
  readonly sizes: number[];
  arrivesAt: number;
  answersAt: number;
  takenAt: number;
}

/** The way from one process to another, over one connection after the other. */
export class SimulatedRoute implements Route {
  private connection: Connection | undefined;
  private inFlight = 0;
  private isShort = false;
  private isClosed = false;

  constructor(
    private readonly from: NearEnd,
    private readonly to: string,
    private readonly listener: RouteListener,
  ) {}

  get room(): number {
    if (this.connection === undefined || this.connection.isBroken) return 0;
    return Math.max(0, this.network.options.roomBytes - this.inFlight);
  }

  send(frame: Uint8Array): boolean {
    const { connection } = this;
    if (connection === undefined || connection.isBroken || this.isClosed) return false;
    if (this.room < frame.length) {
      this.isShort = true;
      return false;
    }
    const bytes = Uint8Array.from(frame);
    connection.sizes.push(bytes.length);
    this.inFlight += bytes.length;
    if (this.room === 0) this.isShort = true;
    connection.arrivesAt = this.after(connection.scheduler, connection.arrivesAt, () => {
      // What comes behind a frame that got lost gets lost too.
      if (this.network.isBlocked(this.from.address, this.to)) connection.isHeard = false;
      if (connection.isHeard) connection.intake.receive(bytes);
    });
    return true;
  }

  close(): void {
    this.isClosed = true;
    this.break('closed');
  }

  connectLater(): void {
    const pause = this.network.random.next() * this.network.options.reconnectMs;
    this.from.scheduler.timer(pause, () => this.connect());
  }

  /** Each end sees it in its own time; until then the other one may still be heard. */
  break(reason: string): void {
    const { connection } = this;
    if (connection === undefined || connection.isBroken) return;
    connection.isBroken = true;
    connection.scheduler.timer(this.network.delay(), () => {
      connection.isHeard = false;
      connection.leave();
      connection.intake.closed(reason);
    });
    this.from.scheduler.timer(this.network.delay(), () => {
      if (this.connection !== connection) return;
      this.connection = undefined;
      this.inFlight = 0;
      this.isShort = false;
      if (this.isClosed || !this.from.isAlive) return;
      this.listener.down(reason);
      this.connectLater();
    });
  }

  end(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.break(reason);
    this.from.scheduler.timer(this.network.delay(), () => {
      if (this.from.isAlive) this.listener.gone(reason);
    });
  }

  private get network(): Wire {
    return this.from.network;
  }

  private connect(): void {
    if (this.isClosed || !this.from.isAlive || this.connection !== undefined) return;
    const target = this.network.reach(this.from.address, this.to);
    const connection = target === undefined ? undefined : this.opened(target);
    if (connection === undefined) return this.connectLater();
    this.connection = connection;
    this.listener.up();
  }

  private opened(target: FarEnd): Connection | undefined {
    const made: { connection?: Connection } = {};
    const intake = target.accept({
      from: this.from.address,
      answer: (frame) => this.answer(made.connection, frame),
      taken: () => this.take(made.connection),
    });
    if (intake === undefined) return undefined;
    const onDeath = (): void => this.break('the other process crashed');
    target.incoming.add(onDeath);
    made.connection = {
      ...{ intake, scheduler: target.scheduler, leave: () => target.incoming.delete(onDeath) },
      ...{ isBroken: false, isHeard: true, taken: 0, sizes: [], arrivesAt: 0, answersAt: 0, takenAt: 0 },
    };
    return made.connection;
  }

  private answer(connection: Connection | undefined, frame: Uint8Array): boolean {
    if (connection === undefined) return false;
    const bytes = Uint8Array.from(frame);
    connection.answersAt = this.after(this.from.scheduler, connection.answersAt, () => {
      if (this.hears(connection)) this.listener.answered(bytes);
    });
    return true;
  }

  private take(connection: Connection | undefined): void {
    if (connection === undefined) return;
    // It is no answer, and overtakes those.
    connection.takenAt = this.after(this.from.scheduler, connection.takenAt, () => {
      if (!this.hears(connection)) return;
      this.inFlight -= connection.sizes.shift() ?? 0;
      this.listener.taken(++connection.taken);
      if (!this.isShort) return;
      this.isShort = false;
      this.listener.writable();
    });
  }

  private hears(connection: Connection): boolean {
    return this.connection === connection && this.from.isAlive;
  }

  /** Runs `work` after a delay, and never before what was to run at `earliest`. */
  private after(scheduler: Scheduler, earliest: number, work: () => void): number {
    const now = this.network.time.clock.monotonic();
    const at = Math.max(earliest, now + this.network.delay());
    scheduler.timer(at - now, work);
    return at;
  }
}
