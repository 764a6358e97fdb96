import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { TokenClient } from './token.client.js';
import { TokenConfig } from './token-settings.js';

/** Makes `TokenClient` injectable everywhere, in a service whose settings have `tokenSettings` among them. */
@Module({})
export class TokenModule {
  static forRoot({ config }: { readonly config: Type<TokenConfig> }): DynamicModule {
    return {
      module: TokenModule,
      global: true,
      providers: [{ provide: TokenConfig, useExisting: config }, TokenClient],
      exports: [TokenClient],
    };
  }
}
