import { Injectable } from '@nestjs/common';

/** The end of an actor that was watched, as it was heard of. */
export interface HeardEnd {
  /** The address of the actor system that heard. */
  readonly by: string;
  readonly who: string;
  readonly reason: string;
}

/** What the lookouts of this process have seen, over all of its actor systems. */
@Injectable()
export class Logbook {
  /** Pids that are or were watched, in the order of their sighting. */
  readonly watched: string[] = [];
  readonly heard: HeardEnd[] = [];
}
