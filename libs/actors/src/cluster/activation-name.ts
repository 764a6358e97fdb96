import { hashText } from '@rookery/resilience';

const LONGEST = 110;

/** The name of a grain's activation among actors: readable where it can be, and another for each other grain. */
export function activationName(kind: string, identity: string): string {
  const name = `${escaped(kind)}:${escaped(identity)}`;
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST)}~${hash(name)}${hash(`/${name}`)}`;
}

/** `~` begins what a name may not hold, and never stands for itself. */
function escaped(text: string): string {
  return text.replace(/[^\w.@-]/gu, (sign) => `~${(sign.codePointAt(0) ?? 0).toString(36)}.`);
}

function hash(text: string): string {
  return hashText(text).toString(16).padStart(8, '0');
}
