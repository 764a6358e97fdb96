/** The far side of Rookery's actors: an actor that takes messages, answers those that want it, and tells how many they were. */
import { Props, type Received } from '@rookery/actors';

import { announce } from '../closed-loop.js';
import { type BenchMessage, numberIn, startProcess, ticketOf } from './rookery-process.js';

const { actors, meet, port } = await startProcess('far');
let count = 0;
actors.spawnNamed(
  Props.fromFunction((message: Received<BenchMessage>, context) => {
    switch (message.type) {
      case 'Item':
        count++;
        return;
      case 'Ping':
        count++;
        return context.reply({ type: 'Pong', ticket: message.ticket });
      case 'Report':
        context.reply({ type: 'Report', ticket: ticketOf(count) });
        count = 0;
        return;
      case 'Meet':
        meet('near', numberIn(message));
        return context.reply(message);
      default: // What the runtime says is of no interest here.
    }
  }),
  'counter',
);
announce({ port });
