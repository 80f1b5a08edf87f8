/** What each competitor took in each round: milliseconds for one operation, or bytes for one grant. */
export type Result = Readonly<Record<string, readonly number[]>>;

/** Gives a competitor's median over all rounds. */
export function middleOf(result: Result, name: string): number | undefined {
  const values = result[name];
  return values && quantile(values, 0.5);
}

export interface Ratio {
  readonly median: number;
  /** Half of the rounds are from here … */
  readonly from: number;
  /** … to here. */
  readonly to: number;
}

/** Compares two competitors round by round. */
export function ratioOf(result: Result, one: string, other: string): Ratio | undefined {
  const others = result[other];
  const ratios = others && result[one]?.map((value, round) => value / (others[round] ?? Number.NaN));
  return ratios && { median: quantile(ratios, 0.5), from: quantile(ratios, 0.25), to: quantile(ratios, 0.75) };
}

/** Gives the value that a part of all values is below, between two of them where it must be. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
