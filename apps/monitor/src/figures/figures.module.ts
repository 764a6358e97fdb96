import { Module } from '@nestjs/common';
import { PresenceModule } from '../presence/presence.module.js';
import { FiguresHttpController } from './figures.http.controller.js';
import { FiguresQuery } from './figures.query.js';

@Module({
  imports: [PresenceModule],
  controllers: [FiguresHttpController],
  providers: [FiguresQuery],
})
export class FiguresModule {}
