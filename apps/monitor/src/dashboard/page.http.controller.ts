import { Controller, Get, Header } from '@nestjs/common';
import { readFileSync } from 'node:fs';

/** The page loads nothing from elsewhere, runs no inline script and cannot be framed. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `public/` stands beside `src/` and `dist/`, so the way to it is the same from both. */
function asset(name: string): string {
  return readFileSync(new URL(`../../public/${name}`, import.meta.url), 'utf8');
}

/** The live page: static files that poll the JSON of this service. */
@Controller()
export class PageHttpController {
  private readonly html = asset('index.html');
  private readonly script = asset('dashboard.js');
  private readonly styles = asset('dashboard.css');

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  @Header('x-content-type-options', 'nosniff')
  @Header('referrer-policy', 'no-referrer')
  @Header('cache-control', 'no-cache')
  page(): string {
    return this.html;
  }

  @Get('dashboard.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'no-cache')
  pageScript(): string {
    return this.script;
  }

  @Get('dashboard.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'no-cache')
  pageStyles(): string {
    return this.styles;
  }
}
