import { Module } from '@nestjs/common';
import { PresenceModule } from '../presence/presence.module.js';
import { ActorsHttpController } from './actors.http.controller.js';
import { ActorsQuery } from './actors.query.js';

@Module({
  imports: [PresenceModule],
  controllers: [ActorsHttpController],
  providers: [ActorsQuery],
})
export class ActorsModule {}
