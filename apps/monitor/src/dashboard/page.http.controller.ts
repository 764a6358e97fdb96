import { applyDecorators, Controller, Get, Header } from '@nestjs/common';
import { readFileSync } from 'node:fs';

/** The pages load nothing from elsewhere, run no inline script and cannot be framed. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `public/` stands beside `src/` and `dist/`, so the way to it is the same from both. */
function asset(name: string): string {
  return readFileSync(new URL(`../../public/${name}`, import.meta.url), 'utf8');
}

function Asset(path: string, type: 'css' | 'html' | 'javascript'): MethodDecorator {
  return applyDecorators(
    Get(path),
    Header('content-type', `text/${type}; charset=utf-8`),
    Header('x-content-type-options', 'nosniff'),
    Header('cache-control', 'no-cache'),
  );
}

function Page(path: string): MethodDecorator {
  return applyDecorators(
    Asset(path, 'html'),
    Header('content-security-policy', POLICY),
    Header('referrer-policy', 'no-referrer'),
  );
}

/** The live pages: static files that poll the JSON of this service. */
@Controller()
export class PageHttpController {
  private readonly colony = asset('index.html');
  private readonly service = asset('service.html');
  private readonly colonyScript = asset('dashboard.js');
  private readonly serviceScript = asset('service.js');
  private readonly drawing = asset('drawing.js');
  private readonly styles = asset('dashboard.css');

  @Page('/')
  colonyPage(): string {
    return this.colony;
  }

  /** Of the service that `name` names, which the page reads for itself. */
  @Page('service')
  servicePage(): string {
    return this.service;
  }

  @Asset('dashboard.js', 'javascript')
  colonyPageScript(): string {
    return this.colonyScript;
  }

  @Asset('service.js', 'javascript')
  servicePageScript(): string {
    return this.serviceScript;
  }

  @Asset('drawing.js', 'javascript')
  sharedScript(): string {
    return this.drawing;
  }

  @Asset('dashboard.css', 'css')
  pageStyles(): string {
    return this.styles;
  }
}
