import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Random } from '@rookery/runtime';

/** A port that was asked for by name cannot be had. */
export class PortBusyError extends Error {
  override readonly name = 'PortBusyError';
}

export interface PortWish {
  /** What the port is for. */
  readonly purpose: string;
  /** The option that sets it. */
  readonly flag: string;
  /** Asked for: this one or none. */
  readonly asked: number | undefined;
  /** Taken when nothing was asked for and it is free. */
  readonly usual: number;
}

export interface ChosenPort {
  readonly port: number;
  /** The usual port was taken by somebody else. */
  readonly isOther: boolean;
}

/** What can be had on this machine. */
export abstract class PortSpace {
  abstract isFree(port: number): Promise<boolean>;
  /** Keeps the port from every other cluster as long as this process lives. False when another has claimed it. */
  abstract claim(port: number): Promise<boolean>;
}

/**
 * Where other ports are looked for: below those that systems hand out for outgoing connections (from 32768 on Linux, 49152
 * on macOS), or one of them could take the port between its choice and its use; and below Kubernetes' node ports.
 */
const OTHERS = { from: 20_000, count: 10_000 };
const ATTEMPTS = 50;

/** Finds a free loopback port for each wish; no two get the same, nor does another cluster. Rejects with `PortBusyError`. */
export async function choosePorts(
  wishes: readonly PortWish[],
  space: PortSpace,
  random: Random,
): Promise<readonly ChosenPort[]> {
  const choice = new PortChoice(wishes, space, random);
  const chosen: ChosenPort[] = [];
  for (const wish of wishes) chosen.push(await choice.choose(wish));
  return chosen;
}

class PortChoice {
  private readonly taken: Set<number>;

  constructor(
    wishes: readonly PortWish[],
    private readonly space: PortSpace,
    private readonly random: Random,
  ) {
    this.taken = new Set(wishes.flatMap(({ asked }) => asked ?? []));
  }

  async choose({ purpose, flag, asked, usual }: PortWish): Promise<ChosenPort> {
    if (asked !== undefined) {
      if ((await this.space.isFree(asked)) && (await this.space.claim(asked))) return { port: asked, isOther: false };
      throw new PortBusyError(
        `port ${asked} for the ${purpose} is in use by another process: stop it, or choose another with --${flag}`,
      );
    }
    if (await this.take(usual)) return { port: usual, isOther: false };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const port = OTHERS.from + this.random.int(OTHERS.count);
      if (await this.take(port)) return { port, isOther: true };
    }
    throw new PortBusyError(`no free port was found for the ${purpose}: choose one with --${flag}`);
  }

  private async take(port: number): Promise<boolean> {
    if (this.taken.has(port)) return false;
    if (!(await this.space.isFree(port)) || !(await this.space.claim(port))) return false;
    this.taken.add(port);
    return true;
  }
}

/**
 * The ports of this machine's loopback. A claim is the UDP port of the same number, which no service of a cluster uses and
 * the system gives back whatever becomes of us: between the choice of a port and its use there is a second in which another
 * cluster could choose it too.
 */
export class LoopbackPorts extends PortSpace {
  isFree(port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
    });
  }

  claim(port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = createSocket('udp4').unref();
      socket.once('error', () => resolve(false));
      socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
    });
  }
}
