import { Bench } from "tinybench";
import type { Pass } from "./competitor.js";

// Interleaved rounds: in each, every competitor runs once, and another one begins. So a slow second of the machine hits
// all of them. Rounds are many and short, because ratios are taken within a round: on a busy machine, the speed of a
// whole round may be another, and its ratios are not.

export interface Timed {
  readonly run: Pass;
  /** Runs before each pass, and is not timed. */
  readonly before?: () => void;
}

export interface Pace {
  readonly rounds: number;
  /** The least time of a competitor in a round, in milliseconds. */
  readonly time: number;
  /** Whether a pass takes seconds: then one is a round, and nothing is warmed up by another. */
  readonly long: boolean;
}

/** Gives the milliseconds of a pass of each competitor: the mean of each round, so garbage collection is counted. */
export function measure(contenders: Readonly<Record<string, Timed>>, pace: Pace): Record<string, number[]> {
  const checked = Object.entries(contenders).map(([name, timed]) => checkedPass(name, timed));
  // V8 optimises what runs often: every competitor is given the time for it before the first round.
  if (!pace.long) timeRound(checked, { ...pace, time: 150 });
  const times = new Map(Object.keys(contenders).map((name): [string, number[]] => [name, []]));
  for (let round = 0; round < pace.rounds; round++) {
    for (const [name, mean] of timeRound(orderOf(checked, round), pace)) times.get(name)?.push(mean);
  }
  return Object.fromEntries(times);
}

interface Checked extends Timed {
  readonly name: string;
}

/** Uses the answers of a pass, so none is optimised away; they must be the same each time. */
function checkedPass(name: string, { run, ...hooks }: Timed): Checked {
  let first: number | undefined;
  return {
    name,
    ...hooks,
    run() {
      const result = run();
      first ??= result;
      if (result !== first) throw new Error(`${name} gave ${result} after ${first}`);
      return result;
    },
  };
}

/** Another one begins in each round, and every second round goes backwards, so none is always behind the same. */
function orderOf(contenders: readonly Checked[], round: number): Checked[] {
  const begin = round % contenders.length;
  const order = [...contenders.slice(begin), ...contenders.slice(0, begin)];
  return round % 2 === 0 ? order : order.reverse();
}

function timeRound(order: readonly Checked[], { time, long }: Pace): [string, number][] {
  const bench = new Bench({
    ...(long ? { time: 1, warmup: false } : { time, warmupTime: 1, warmupIterations: 1 }),
    iterations: 1,
    throws: true,
    setup: collectYoung,
  });
  for (const { name, run, before } of order)
    bench.add(name, run, { async: false, ...(before && { beforeEach: before }) });
  return bench.runSync().map(({ name, result }) => {
    if (result.state !== "completed") throw new Error(`${name} did not complete`);
    return [name, result.latency.mean];
  });
}

/** Collects what was made of late, so that nobody pays for what another left behind. */
function collectYoung(): void {
  collector()({ type: "minor" });
}

/** Collects all garbage. */
export function collect(): void {
  collector()();
}

function collector(): (options?: { readonly type: "minor" }) => void {
  if (!globalThis.gc) throw new Error("the benchmarks collect garbage themselves: run Node with --expose-gc");
  return globalThis.gc as (options?: { readonly type: "minor" }) => void;
}
