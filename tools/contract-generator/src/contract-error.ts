/** One thing in the contracts that Rookery cannot work with. */
export interface Problem {
  /** The proto file, relative to proto/. */
  readonly file: string;
  /** The full name of the method, field or service. */
  readonly subject: string;
  readonly description: string;
}

/** The contracts cannot be generated from; says all that is wrong, not only the first. */
export class ContractError extends Error {
  override readonly name = 'ContractError';

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ file, subject, description }) => `${file}: ${subject}: ${description}`).join('\n'));
  }
}

/** Collects what is wrong while the contracts are read. */
export class Problems {
  private readonly list: Problem[] = [];

  add(file: string, subject: string, description: string): void {
    this.list.push({ file, subject, description });
  }

  /** Throws when there is any. */
  refuse(): void {
    if (this.list.length > 0) throw new ContractError(this.list);
  }
}
