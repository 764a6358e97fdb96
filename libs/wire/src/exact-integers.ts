/** A number that its field cannot hold exactly. Rounding or wrapping it would change what the caller said. */
export class UnfitNumberError extends RangeError {
  constructor(
    readonly value: unknown,
    type: string,
  ) {
    super(`${String(value)} is no ${type} that can be sent exactly`);
  }
}

/** A signed 64-bit integer as it was meant, or UnfitNumberError. */
export function signed(value: string | number | bigint, type: string): bigint {
  const wide = wideOf(value, type);
  if (BigInt.asIntN(64, wide) !== wide) throw new UnfitNumberError(value, type);
  return wide;
}

/** An unsigned 64-bit integer as it was meant, or UnfitNumberError. */
export function unsigned(value: string | number | bigint, type: string): bigint {
  const wide = wideOf(value, type);
  if (BigInt.asUintN(64, wide) !== wide) throw new UnfitNumberError(value, type);
  return wide;
}

/** A number past 2^53 may have been rounded before it came here, so it is refused although it would fit. */
function wideOf(value: string | number | bigint, type: string): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new UnfitNumberError(value, type);
  return BigInt(value);
}
