import { HttpException, Injectable } from '@nestjs/common';
import type { Instance } from '@rookery/discovery';
import { FIGURES_CAPABILITY } from '@rookery/service-kit';
import { InstanceClient } from '../presence/instance.client.js';
import { Listings } from '../presence/listings.js';
import { type FigurePicture, type FiguresAnswer, toFiguresAnswer } from './figures-answer.mapper.js';

export interface InstanceFigures {
  readonly service: string;
  readonly instance: string;
  readonly figures: readonly FigurePicture[];
  /** Why there are none, for people; null when there are. */
  readonly problem: string | null;
}

/** Instances that are asked at once. */
const MOST = 20;

/** What the instances that have figures count, asked of them now. Who does not answer is named, with the reason. */
@Injectable()
export class FiguresQuery {
  constructor(
    private readonly listings: Listings,
    private readonly client: InstanceClient,
  ) {}

  execute(): Promise<readonly InstanceFigures[]> {
    const listed = [...this.listings.all()].filter(({ unlistedAt }) => unlistedAt === undefined);
    const counting = listed
      .map(({ instance }) => instance)
      .filter(({ capabilities }) => capabilities.includes(FIGURES_CAPABILITY))
      .sort((a, b) => a.id.localeCompare(b.id));
    return Promise.all(counting.slice(0, MOST).map((instance) => this.figuresOf(instance)));
  }

  private async figuresOf(instance: Instance): Promise<InstanceFigures> {
    const { id, service } = instance;
    try {
      const { status, text } = await this.client.get(instance, '/figures');
      const answer = status === 200 ? answerIn(text) : undefined;
      if (answer === undefined) return withoutFigures(instance, `${id} answered something else than its figures`);
      if (answer.incarnation !== instance.incarnation) {
        return withoutFigures(instance, `another process than ${id} answers at its address`);
      }
      return { service, instance: id, figures: answer.figures, problem: null };
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      return withoutFigures(instance, error.message);
    }
  }
}

function answerIn(text: string): FiguresAnswer | undefined {
  try {
    return toFiguresAnswer(text);
  } catch {
    return undefined; // Whatever it is, the caller says so.
  }
}

function withoutFigures({ id, service }: Instance, problem: string): InstanceFigures {
  return { service, instance: id, figures: [], problem };
}
