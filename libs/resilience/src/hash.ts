const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over UTF-16 units with MurmurHash3's finaliser: short texts that differ little come out far apart. 32 bits, ≥ 0. */
export function hashText(text: string): number {
  return mix(foldText(text));
}

/** FNV-1a alone: the fold of a text that goes on is the fold of the rest, begun with that of its beginning. */
export function foldText(text: string, begun = FNV_OFFSET): number {
  let hash = begun;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  return hash;
}

/** MurmurHash3's finaliser: each bit of the 32 depends on all, and different numbers stay different. */
export function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
