const LIMIT_MS = 3000;

/** The Consul agent that was named on the command line is not there. */
export class AgentUnreachableError extends Error {}

/** Resolves when a Consul agent with a leader answers at `url`; rejects with `AgentUnreachableError`. */
export async function checkAgent(url: string): Promise<void> {
  const answer = await fetch(`${url}/v1/status/leader`, { signal: AbortSignal.timeout(LIMIT_MS) }).catch(
    () => undefined,
  );
  const leader = answer?.ok === true ? await answer.text() : undefined;
  if (leader === undefined) {
    throw new AgentUnreachableError(`no Consul agent answers at ${url}; start one, or leave --consul out.`);
  }
  if (leader.length <= 2)
    throw new AgentUnreachableError(`the Consul agent at ${url} has no leader yet; try again soon.`);
}
