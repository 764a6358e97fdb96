/** Where text goes: a terminal, or a file that somebody reads later. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const USUAL_COLUMNS = 80;
const BETWEEN_PARTS = ' · ';
const ERASE_LINE = '\r\u001b[2K';
const ERASE_LINE_ABOVE = '\u001b[1A\u001b[2K';
const COLOURS = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94];
const RED = 31;
const DIM = 2;

/** Lines with a prefix for each speaker, and on a terminal a status below them that changes in place. */
export class Terminal {
  private readonly colours = new Map<string, number>();
  private width = 12;
  /** As it stands on the screen, line by line. */
  private status: readonly string[] = [];
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
    this.write(`${this.erased()}${text}\n${this.status.join('\n')}`);
  }

  /** Replaces the status, which breaks between its parts where it is too long; without a terminal, writes a line. */
  showStatus(text: string): void {
    if (!this.isLive) return this.write(`${text}\n`);
    const erased = this.erased();
    // A terminal of which nobody knows the width says 0.
    this.status = broken(text, (this.output.columns || USUAL_COLUMNS) - 1).map((line) => this.paint(line, DIM));
    this.write(`${erased}${this.status.join('\n')}`);
  }

  /** Takes the status away. */
  clearStatus(): void {
    this.write(this.erased());
    this.status = [];
  }

  private write(text: string): void {
    if (!this.isMuted) this.output.write(text);
  }

  private erased(): string {
    if (this.status.length === 0) return '';
    return `${ERASE_LINE}${ERASE_LINE_ABOVE.repeat(this.status.length - 1)}`;
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

/** As few lines as hold the parts of a text; what is too long for a line of its own is cut. */
function broken(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of text.split(BETWEEN_PARTS)) {
    const longer = [...lines.slice(-1), part].join(BETWEEN_PARTS);
    if (longer.length <= width) lines.splice(-1, 1, longer);
    else lines.push(part.slice(0, width));
  }
  return lines;
}
