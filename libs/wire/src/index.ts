export { UnfitNumberError } from './exact-integers.js';
export { SlabReader } from './slab-reader.js';
export { SlabWriter } from './slab-writer.js';
