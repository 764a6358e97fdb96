import { runService } from '@rookery/service-kit';
import { AppModule } from './app.module.js';

void runService(AppModule);
