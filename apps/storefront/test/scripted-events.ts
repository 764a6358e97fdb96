import { Module } from '@nestjs/common';
import { inventory, orders } from '@rookery/contracts/messages';
import { databaseSettings, EventSourcingModule } from '@rookery/cqrs';
import { type EventStore, idOf, type RecordedEvent, type StoredEvent, streamOf } from '@rookery/eventsourcing';
import {
  type EventType,
  type IntegrationEvent,
  integrationEvent,
  IntegrationEvents,
  MessagingModule,
} from '@rookery/messaging';
import { ServiceKitModule, settings } from '@rookery/service-kit';

/** What happens in the log of a service here: the very message that others are told. */
interface Told {
  readonly type: 'Told';
  readonly name: string;
  readonly message: unknown;
}

const TYPES: ReadonlyMap<string, EventType> = new Map<string, EventType>([
  ['OrderPlaced', orders.OrderPlaced],
  ['OrderConfirmed', orders.OrderConfirmed],
  ['OrderCancelled', orders.OrderCancelled],
  ['StockReceived', inventory.StockReceived],
]);

class ScriptedEvents extends IntegrationEvents<Told> {
  readonly source = { name: 'script' };
  readonly types = [...TYPES.values()];

  from({ event: { message, name }, stream }: RecordedEvent<Told>): IntegrationEvent | undefined {
    const type = TYPES.get(name);
    return type === undefined ? undefined : integrationEvent(type, message, idOf(stream));
  }
}

class ScriptConfig extends settings({ ...databaseSettings }) {}

const imports = [EventSourcingModule.forRoot({ config: ScriptConfig }), MessagingModule.forRoot()];

/** Stands for orders: tells what it is made to tell. */
@Module({
  imports: [ServiceKitModule.forRoot({ name: 'orders', config: ScriptConfig }), ...imports],
  providers: [ScriptedEvents],
})
export class TellingOrdersModule {}

/** Stands for inventory. */
@Module({
  imports: [ServiceKitModule.forRoot({ name: 'inventory', config: ScriptConfig }), ...imports],
  providers: [ScriptedEvents],
})
export class TellingInventoryModule {}

/** Has a service tell this; in one append. */
export async function tell(
  store: EventStore,
  subject: string,
  ...told: readonly (readonly [name: string, message: object])[]
): Promise<void> {
  const stream = streamOf('script', subject);
  const { version } = await store.readStream(stream, 0, 1);
  const events = told.map(([name, message]): StoredEvent => ({ type: 'Told', name, message }));
  await store.append({
    ...{ stream, expectedVersion: version, commands: [] },
    events: events.map((event) => ({ event, schema: 1, metadata: {} })),
  });
}
