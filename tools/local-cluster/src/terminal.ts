/** Where text goes: a terminal, or a file that somebody reads later. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const COLOURS = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94];
const RED = 31;
const DIM = 2;

/** Lines with a prefix for each speaker, and on a terminal one status line below them that changes in place. */
export class Terminal {
  private readonly colours = new Map<string, number>();
  private width = 12;
  private status = '';
  private isMuted = false;

  constructor(private readonly output: Output) {}

  /** Nobody reads any more: from now on nothing is written. */
  mute(): void {
    this.isMuted = true;
  }

  get isLive(): boolean {
    return this.output.isTTY === true;
  }

  /** One line said by `who`. */
  say(who: string, text: string, isBad = false): void {
    this.width = Math.max(this.width, who.length);
    const prefix = this.paint(`${who.padEnd(this.width)} │`, this.colourOf(who));
    this.print(`${prefix} ${isBad ? this.paint(text, RED) : text}`);
  }

  /** Lines of our own, without a prefix. */
  print(text: string): void {
    this.write(`${this.erased()}${text}\n${this.status}`);
  }

  /** Replaces the status line; without a terminal, writes a line. */
  showStatus(text: string): void {
    if (!this.isLive) return this.write(`${text}\n`);
    const line = text.slice(0, (this.output.columns ?? 80) - 1);
    const erased = this.erased();
    this.status = this.paint(line, DIM);
    this.write(`${erased}${this.status}`);
  }

  /** Takes the status line away. */
  clearStatus(): void {
    this.write(this.erased());
    this.status = '';
  }

  private write(text: string): void {
    if (!this.isMuted) this.output.write(text);
  }

  private erased(): string {
    return this.status === '' ? '' : '\r\u001b[2K';
  }

  private colourOf(who: string): number {
    const colour = this.colours.get(who) ?? COLOURS[this.colours.size % COLOURS.length] ?? DIM;
    this.colours.set(who, colour);
    return colour;
  }

  private paint(text: string, colour: number): string {
    return this.isLive ? `\u001b[${colour}m${text}\u001b[0m` : text;
  }
}
