import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    readonly seed: number;
  }
}

/** Gives the seed of a day, in UTC: its date as a number. */
export function seedOf(day: Date): number {
  return Number(day.toISOString().slice(0, 10).replaceAll("-", ""));
}

/** Chooses the seed of all random cases of a run and prints it; a day's cases are drawn again with that day's date. */
export function setup(project: TestProject): void {
  const seed = Number(process.env.CHANNEL_GRANTS_SEED ?? seedOf(new Date()));
  if (!Number.isInteger(seed)) throw new Error("CHANNEL_GRANTS_SEED is not an integer");
  process.stdout.write(`random cases are drawn with CHANNEL_GRANTS_SEED=${seed}\n`);
  project.provide("seed", seed);
}
