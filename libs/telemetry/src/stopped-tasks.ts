/** A task of the service that cannot get past an error here. */
export interface StoppedTask {
  readonly task: string;
  readonly code: string;
  /** For people: at which event, and why. */
  readonly reason: string;
}

/** A report stays small, whatever errors have to say. */
const LONGEST_REASON = 500;
const MOST_TASKS = 100;

/** The tasks that stand still in this process, for its reports. Injectable. */
export class StoppedTasks {
  private read: () => readonly StoppedTask[] = () => [];

  /** Says who knows them. Until then there are none. */
  observe(read: () => readonly StoppedTask[]): void {
    this.read = read;
  }

  /** In the shape of the report. */
  views(): StoppedTask[] {
    const stopped = this.read().slice(0, MOST_TASKS);
    return stopped.map((one) => ({ ...one, reason: one.reason.slice(0, LONGEST_REASON) }));
  }
}
