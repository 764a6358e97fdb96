import type { DescEnum, DescField, DescMessage, DescService } from '@bufbuild/protobuf';

const VERSION = /^v\d+(?:(?:alpha|beta)\d*)?$/;

/**
 * The name under which the messages of a package are exported. A versioned package is called after the segment before its
 * version (rookery.pricing.v1: pricing), with the version behind it unless that is v1 (grpc.reflection.v1alpha:
 * reflectionV1alpha); a package without a version after all its segments (google.rpc: googleRpc).
 */
export function namespaceOf(protoPackage: string): string {
  const segments = protoPackage.split('.');
  const version = versionOf(protoPackage);
  if (version === undefined) return camelCase(segments.join('_'));
  return camelCase(segments.at(-2) ?? '') + versionSuffix(protoPackage);
}

/** The name of a service in the registry: the segment before the version, in kebab case (rookery.order_desk.v1: order-desk). */
export function registryNameOf(protoPackage: string): string {
  const segments = protoPackage.split('.');
  const name = versionOf(protoPackage) === undefined ? segments.at(-1) : segments.at(-2);
  return (name ?? '').replaceAll('_', '-');
}

/** What the generated names of a service begin with: its own name, and its version unless that is v1. */
export function identifierOf(service: DescService): string {
  return service.name + versionSuffix(service.file.proto.package);
}

/** What the generated names of a grain begin with. */
export function grainNameOf(service: DescService): string {
  return `${identifierOf(service)}Grain`;
}

/** How modules outside of messages/ write the type of a message, which is also its codec: `pricing.GetPriceRequest`. */
export function typeOf(message: DescMessage): string {
  return `${namespaceOf(message.file.proto.package)}.${typeNameOf(message)}`;
}

/** The name that ts-proto gives to a message or enum: nested ones are joined by an underscore. */
export function typeNameOf(type: DescMessage | DescEnum): string {
  const protoPackage = type.file.proto.package;
  const local = protoPackage === '' ? type.typeName : type.typeName.slice(protoPackage.length + 1);
  return local.split('.').map(capitalize).join('_');
}

/** The name that ts-proto gives to a field. */
export function propertyOf(field: DescField): string {
  if (!field.name.includes('_')) return field.name;
  const hasLowerCase = /[a-z]/.test(field.name);
  const words = field.name.split('_').map((word) => (hasLowerCase ? word : word.toLowerCase()));
  return words.map((word, index) => (index === 0 ? word : capitalize(word))).join('');
}

/** Contracts that are the world's, not ours: open to everybody, without Rookery's options. */
export function isWellKnown(protoPackage: string): boolean {
  return /^(?:google|grpc)(?:\.|$)/.test(protoPackage);
}

export function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function camelCase(snake: string): string {
  return snake
    .split('_')
    .map((word, index) => (index === 0 ? word : capitalize(word)))
    .join('');
}

function versionOf(protoPackage: string): string | undefined {
  const last = protoPackage.split('.').at(-1) ?? '';
  return VERSION.test(last) ? last : undefined;
}

function versionSuffix(protoPackage: string): string {
  const version = versionOf(protoPackage);
  return version === undefined || version === 'v1' ? '' : capitalize(version);
}
