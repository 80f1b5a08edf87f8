import fc from "fast-check";

// Three measures of one suite. The numbers in the tests are those of the long run; `npm test` draws a tenth of them, and
// each of some thousand mutants is tried with a twentieth (test/mutation).
export const isThorough = process.env.CHANNEL_GRANTS_THOROUGH === "1";
const part = isThorough ? 1 : Number(process.env.FEWER_RUNS ?? 10);

// The same cases for every mutant: otherwise one would survive by chance, and another time not.
if (process.env.FEWER_RUNS) fc.configureGlobal({ seed: 20_240_607 });

/** Gives how many cases to draw, of the number that the long run draws. */
export function runs(count: number): number {
  return Math.ceil(count / part);
}

/** Gives the largest size to try, of the largest that the long run tries: one less outside of it. */
export function sizeUpTo(size: number): number {
  return isThorough ? size : size - 1;
}

/** Gives the sizes up to that one, each of which is tried. */
export function sizesUpTo(size: number): number[] {
  return Array.from({ length: sizeUpTo(size) + 1 }, (_, each) => each);
}
