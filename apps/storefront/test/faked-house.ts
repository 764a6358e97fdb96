import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Module } from '@nestjs/common';
import { orders, type pricing } from '@rookery/contracts/messages';
import { type PricingServiceController, PricingServiceControllerMethods } from '@rookery/contracts/nest';
import { DomainError } from '@rookery/runtime';
import { ServiceKitModule } from '@rookery/service-kit';
import { sale } from './faked-sale.js';

/** What the faked provider and the faked gateway were asked, and how they shall answer. */
export class House {
  isProviderDown = false;
  gatewayStatus = 200;
  isIssuerDown = false;
  tokensGiven = 0;
  readonly direct: pricing.QuotePriceRequest[] = [];
  readonly posted: { path: string; authorization: string | undefined; timeout: unknown; body: unknown }[] = [];
}

export const house = new House();

@Controller()
@PricingServiceControllerMethods()
class PricingController implements PricingServiceController {
  quotePrice(basket: pricing.QuotePriceRequest): pricing.QuotePriceResponse {
    if (house.isProviderDown) throw new DomainError('OUT', 'out of order', { kind: 'internal' });
    house.direct.push(basket);
    return { total: { currency: basket.currency, minorUnits: 1 }, lines: [], validUntil: undefined };
  }

  getPrice({ sku }: pricing.GetPriceRequest): pricing.GetPriceResponse {
    return { sku, unitPrice: undefined };
  }
}

/** Stands for every provider. */
@Module({ imports: [ServiceKitModule.forRoot({ name: 'pricing' })], controllers: [PricingController] })
export class ProviderModule {}

export interface FakedServer {
  readonly port: number;
  close(): void;
}

/** Stands for the gateway and for the token issuer, which gives what `token` gives. */
export async function startOutside(token: () => Promise<string>): Promise<FakedServer> {
  const server = createServer((request, response) => void answer(request, response, token));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, token: () => Promise<string>): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const { url = '', method, headers } = request;
  if (url === '/token') {
    if (house.isIssuerDown) return void response.writeHead(503).end();
    house.tokensGiven++;
    return void response.end(JSON.stringify({ access_token: await token(), expires_in: 300 }));
  }
  if (url.startsWith('/v1/quotes')) {
    const { authorization } = headers;
    const body: unknown = JSON.parse(text);
    house.posted.push({ path: `${method} ${url}`, authorization, timeout: headers['grpc-timeout'], body });
  }
  if (house.gatewayStatus !== 200) return void response.writeHead(house.gatewayStatus).end('{}');
  response.end(JSON.stringify(saleAnswer(url, text, String(headers['idempotency-key']))));
}

/** What the gateway says of orders and stock: JSON as protobuf has it, and of anything else nothing. */
function saleAnswer(url: string, text: string, key: string): object {
  const [, , collection, id = '', verb = ''] = /^\/(v1)\/([a-z]+)\/?([^:]*):?(.*)$/.exec(url) ?? [];
  if (collection === 'orders') return { order: inJson(orderAnswer(id, verb, text)) };
  if (collection !== 'stock') return {};
  if (verb === 'receive') sale.receive(id, (JSON.parse(text) as { quantity: number }).quantity, key);
  return { stock: { sku: id, available: String(sale.available(id)) } };
}

function orderAnswer(orderId: string, verb: string, text: string): orders.Order {
  if (verb === 'cancel') return sale.cancel(orderId);
  if (orderId !== '') return sale.look(orderId);
  return sale.place('gateway', JSON.parse(text) as orders.PlaceOrderRequest);
}

function inJson({ cancelReason, orderId, status }: orders.Order): object {
  return { orderId, status: orders.OrderStatus[status], cancelReason: orders.CancelReason[cancelReason] };
}
