import type { DescMethod, DescService } from '@bufbuild/protobuf';

const SERVICE_IN_FILE = 6;
const METHOD_IN_SERVICE = 2;

/** The comment above a service or method in its proto file as a doc comment, or nothing. */
export function commentOf(element: DescService | DescMethod): string {
  const service = element.kind === 'service' ? element : element.parent;
  const path = [SERVICE_IN_FILE, service.file.services.indexOf(service)];
  if (element.kind === 'rpc') path.push(METHOD_IN_SERVICE, service.methods.indexOf(element));
  const locations = service.file.proto.sourceCodeInfo?.location ?? [];
  const text = locations.find((location) => location.path.join() === path.join())?.leadingComments.trim() ?? '';
  if (text === '') return '';
  const lines = text
    .replaceAll('*/', '* /')
    .split('\n')
    .map((line) => line.trim());
  return lines.length === 1 ? `/** ${text} */\n` : `/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\n`;
}
