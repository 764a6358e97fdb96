/** What a virtual clock has to run, and when. */
export interface DueTask {
  readonly at: number;
  /** Tells tasks of one instant apart. */
  readonly order: number;
  readonly periodMs: number | undefined;
  readonly task: () => void;
  /** Shared by all rounds of an interval, so that the handle given out first stays good. */
  readonly switch: { isOff: boolean };
}

/** Tasks by the instant at which they fall due: a binary heap, the earliest on top. */
export class DueTasks {
  private readonly heap: DueTask[] = [];

  add(task: DueTask): void {
    const { heap } = this;
    let index = heap.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, task)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = task;
  }

  /** Takes out the earliest that is due by `until` and still wanted. */
  take(until: number): DueTask | undefined {
    for (let top = this.heap[0]; top !== undefined && top.at <= until; top = this.heap[0]) {
      this.removeTop();
      if (!top.switch.isOff) return top;
    }
    return undefined;
  }

  private removeTop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (let child = this.earlierChild(0); child !== undefined; child = this.earlierChild(index)) {
      const task = heap[child];
      if (task === undefined || isBefore(last, task)) break;
      heap[index] = task;
      index = child;
    }
    heap[index] = last;
  }

  private earlierChild(index: number): number | undefined {
    const [left, right] = [2 * index + 1, 2 * index + 2];
    const [one, other] = [this.heap[left], this.heap[right]];
    if (one === undefined) return undefined;
    return other !== undefined && isBefore(other, one) ? right : left;
  }
}

function isBefore(left: DueTask, right: DueTask): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}
