import { z } from 'zod';

/** One thing that an instance has counted since its start. */
export interface FigurePicture {
  readonly name: string;
  readonly value: number;
}

export interface FiguresAnswer {
  readonly incarnation: string;
  readonly figures: readonly FigurePicture[];
}

/** More of them are no overview any more. */
const MOST = 20;

const answer = z.object({
  incarnation: z.string(),
  figures: z.array(z.object({ name: z.string().max(60), value: z.number() })),
});

/** Reads what `GET /figures` answered. Throws on anything else. */
export function toFiguresAnswer(text: string): FiguresAnswer {
  const { figures, incarnation } = answer.parse(JSON.parse(text));
  return { incarnation, figures: figures.slice(0, MOST) };
}
