import { createServer } from 'node:net';

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

/** Finds a free loopback port for each wish; no two get the same. Rejects with `PortBusyError`. */
export async function choosePorts(
  wishes: readonly PortWish[],
  tryPort: (port: number) => Promise<number | undefined> = tryLoopbackPort,
): Promise<readonly ChosenPort[]> {
  const taken = new Set(wishes.flatMap(({ asked }) => asked ?? []));
  const chosen: ChosenPort[] = [];
  for (const wish of wishes) {
    const one = await choose(wish, taken, tryPort);
    taken.add(one.port);
    chosen.push(one);
  }
  return chosen;
}

async function choose(
  { purpose, flag, asked, usual }: PortWish,
  taken: ReadonlySet<number>,
  tryPort: (port: number) => Promise<number | undefined>,
): Promise<ChosenPort> {
  if (asked !== undefined) {
    if ((await tryPort(asked)) !== undefined) return { port: asked, isOther: false };
    throw new PortBusyError(
      `port ${asked} for the ${purpose} is in use by another process: stop it, or choose another with --${flag}`,
    );
  }
  if (!taken.has(usual) && (await tryPort(usual)) !== undefined) return { port: usual, isOther: false };
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = await tryPort(0);
    if (port !== undefined && !taken.has(port)) return { port, isOther: true };
  }
  throw new PortBusyError(`no free port was found for the ${purpose}: choose one with --${flag}`);
}

/** Resolves with the port if it can be bound on loopback (0: any free one), else with undefined. */
export function tryLoopbackPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
