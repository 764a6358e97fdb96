/** The near side of Rookery's actors. Arguments: the bench and the port of the far side. */
import { type Pid, pidByName, Props, type Received } from '@rookery/actors';

import type { Score } from './actor-library.js';
import { OUTSTANDING, serveNearSide } from './remote-workloads.js';
import { type BenchMessage, BODY, numberIn, startProcess, ticketOf } from './rookery-process.js';

const [, farPort = ''] = process.argv.slice(2);
const { actors, meet, port, remote } = await startProcess('near');
const farAddress = meet('far', Number(farPort));
// Before that it cannot answer.
await actors.ask(pidByName<BenchMessage>(farAddress, 'counter'), { type: 'Meet', ticket: ticketOf(port) });
const counter = (await remote.find(farAddress, 'counter')) as Pid<BenchMessage>;

/** Messages that a flooding actor sends before it waits for the answer to the burst before. */
const BURST = 10_000;

serveNearSide({
  flood: (score) => sendFrom(flooder(score), score),
  pingPong: (score) => sendFrom(pinger(score), score),
  farCount: async () => numberIn((await actors.ask(counter, { type: 'Report', ticket: BODY })) as BenchMessage),
});

function sendFrom(props: Props<BenchMessage>, score: Score): Promise<void> {
  return new Promise((resolve) => {
    score.done = resolve;
    actors.spawn(props);
  });
}

/** The last message of each burst is answered, so that never more than two bursts are on their way. */
function flooder(score: Score): Props<BenchMessage> {
  return Props.fromFunction((message: Received<BenchMessage>, context) => {
    if (message.type !== 'Started' && message.type !== 'Pong') return;
    if (message.type === 'Pong') score.returned++;
    const bursts = message.type === 'Started' ? 2 : 1;
    for (let burst = 0; burst < bursts && score.sent < score.goal; burst++) {
      for (let left = BURST; left > 1; left--, score.sent++) context.tell(counter, { type: 'Item', ticket: BODY });
      context.tell(counter, { type: 'Ping', ticket: BODY });
      score.sent++;
    }
    if (score.returned * BURST < score.goal) return;
    score.returned = 0;
    score.done();
    context.stop();
  });
}

function pinger(score: Score): Props<BenchMessage> {
  return Props.fromFunction((message: Received<BenchMessage>, context) => {
    if (message.type === 'Started') {
      for (; score.sent < OUTSTANDING; score.sent++) context.tell(counter, { type: 'Ping', ticket: BODY });
    } else if (message.type === 'Pong') {
      score.returned++;
      if (score.sent++ < score.goal) return context.tell(counter, { type: 'Ping', ticket: BODY });
      score.sent--;
      if (score.returned < score.goal) return;
      score.done();
      context.stop();
    }
  });
}
