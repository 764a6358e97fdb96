import { Random } from './random.js';

/** The engine's own generator; fast, and not reproducible. */
export class SystemRandom extends Random {
  next(): number {
    return Math.random();
  }
}
