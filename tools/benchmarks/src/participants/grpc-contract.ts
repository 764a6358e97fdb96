import { fileURLToPath } from 'node:url';

/** The contract as people load it at run time without generated code. */
export const PACKAGE = 'rookery.pricing.v1';
const includeDirs = [fileURLToPath(new URL('../../../../proto', import.meta.url))];
export const PROTO_FILE = 'rookery/pricing/v1/pricing_service.proto';
export const LOADER_OPTIONS = { includeDirs, longs: Number, enums: String, defaults: true };
