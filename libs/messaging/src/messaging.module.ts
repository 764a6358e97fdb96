import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Database, migrate } from '@rookery/postgres';
import { RpcClient } from '@rookery/rpc';
import { Scheduler } from '@rookery/runtime';
import { EventConsumers } from './consuming/event-consumers.js';
import { EventTransport } from './consuming/event-transport.port.js';
import { Inbox } from './consuming/inbox.port.js';
import { inboxMigrations, PostgresInbox } from './consuming/postgres-inbox.js';
import { FeedClient } from './feed/feed.client.js';
import { FeedGrpcController } from './feed/feed.grpc.controller.js';

/** Integration events of a service of the kit: those that it publishes, and those of others that it handles. */
@Module({})
export class MessagingModule {
  /** Once, in the app's module, behind `EventSourcingModule.forRoot`. */
  static forRoot(): DynamicModule {
    return {
      module: MessagingModule,
      imports: [DiscoveryModule],
      controllers: [FeedGrpcController],
      providers: [
        {
          provide: EventTransport,
          inject: [RpcClient, Scheduler],
          useFactory: (rpc: RpcClient, scheduler: Scheduler) => new FeedClient(rpc, scheduler),
        },
        { provide: Inbox, inject: [Database], useFactory: openInbox },
        EventConsumers,
      ],
    };
  }
}

async function openInbox(database: Database): Promise<PostgresInbox> {
  await migrate(database, [inboxMigrations]);
  return new PostgresInbox(database);
}
