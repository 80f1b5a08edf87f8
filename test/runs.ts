import fc from "fast-check";

/** By how much less is drawn and tried, where each of some thousand mutants is to be killed (mutation.config.ts). */
const part = Number(process.env.FEWER_RUNS ?? 1);

// The same cases for every mutant: otherwise one would survive by chance, and another time not.
if (part > 1) fc.configureGlobal({ seed: 20_240_607 });

/** Gives how many cases to draw. */
export function runs(count: number): number {
  return Math.ceil(count / part);
}

/** Gives the sizes up to one, all of which are tried; where less is tried, up to the half of it. */
export function sizesUpTo(size: number): number[] {
  return Array.from({ length: (part > 1 ? size / 2 : size) + 1 }, (_, each) => each);
}
