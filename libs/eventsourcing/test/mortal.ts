/** The life of a process that ends at one of its calls to what is outside of it: right before that, or when it was done. */
export class Life {
  private calls = 0;

  constructor(
    private readonly diesAt: number,
    private readonly isLastCallDone: boolean,
  ) {}

  get isOver(): boolean {
    return this.calls >= this.diesAt;
  }

  async call<T>(work: () => Promise<T>): Promise<T> {
    const nth = ++this.calls;
    if (nth < this.diesAt) return work();
    if (nth === this.diesAt && this.isLastCallDone) await work();
    throw new Error('the process is dead');
  }

  /** What is outside, as this process reaches it. */
  reaching<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => this.call(() => Reflect.apply(value, target, given) as Promise<unknown>);
      },
    });
  }
}
