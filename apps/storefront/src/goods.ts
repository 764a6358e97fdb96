/** What the shop sells, and how its shelves are filled. */
export interface Goods {
  readonly sku: string;
  /** New units come when fewer than these are available. */
  readonly lowAt: number;
  /** How many come at once. */
  readonly delivery: number;
}

/** Everybody wants it, and there is never enough: what the sale is about. */
export const HOT: Goods = { sku: 'lamp', lowAt: 1, delivery: 5 };

export const USUAL: readonly Goods[] = ['tea', 'coffee', 'mug', 'kettle', 'chair', 'desk'].map((sku) => ({
  sku,
  lowAt: 500,
  delivery: 1000,
}));

export const ALL_GOODS: readonly Goods[] = [...USUAL, HOT];
