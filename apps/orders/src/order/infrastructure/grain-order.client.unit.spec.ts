import { describe, expect, it } from '@jest/globals';
import type { Grains } from '@rookery/actors-nest';
import type { orders } from '@rookery/contracts/messages';
import { fromReason } from '../api/order.mapper.js';
import type { FailureReason } from '../domain/order.events.js';
import { GrainOrderClient } from './grain-order.client.js';
import type { NeighbourCall } from './neighbour-call.js';

const call = { orderId: '01890000-0000-7000-8000-00000000000a', commandId: 'c', signal: new AbortController().signal };

describe('an order that is abandoned', () => {
  it.each<FailureReason>(['out-of-stock', 'no-price', 'payment-declined', 'reservation-expired', 'timed-out'])(
    'hears the reason that fulfilment gives: %s',
    async (reason) => {
      const heard: FailureReason[] = [];
      const abandonOrder = (request: orders.AbandonOrderRequest) => void heard.push(fromReason(request.reason));
      const grains = { get: () => ({ abandonOrder }) } as unknown as Grains;
      await new GrainOrderClient(grains, { timeoutMs: 1 } as NeighbourCall).abandon(reason, call);
      expect(heard).toEqual([reason]);
    },
  );
});
