/** One thing in the contracts that Rookery cannot work with. */
export interface Problem {
  /** The proto file, relative to proto/. */
  readonly file: string;
  /** The full name of the method, field or service. */
  readonly subject: string;
  readonly description: string;
}

/** The contracts cannot be generated from. The message is for whoever wrote them; no stack makes it clearer. */
export class ContractError extends Error {
  override readonly name = 'ContractError';

  constructor(
    message: string,
    /** All that is wrong, not only the first; empty when protoc itself refuses them. */
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}

/** Collects what is wrong while the contracts are read. */
export class Problems {
  private readonly list: Problem[] = [];
  private readonly remarks: Problem[] = [];

  /** What is worth saying and stops nothing. */
  get notes(): readonly Problem[] {
    return this.remarks;
  }

  add(file: string, subject: string, description: string): void {
    this.list.push({ file, subject, description });
  }

  note(file: string, subject: string, description: string): void {
    this.remarks.push({ file, subject, description });
  }

  /** Throws when there is any. */
  refuse(): void {
    if (this.list.length === 0) return;
    throw new ContractError(this.list.map(lineOf).join('\n'), this.list);
  }
}

export function lineOf({ file, subject, description }: Problem): string {
  return `${file}: ${subject}: ${description}`;
}
