import { agreeOnUser, everyGroup, everyState } from "./agree.js";
import { bytesAtMost, bytesHeld } from "./bytes.js";
import { competitors } from "./races.js";
import type { Result } from "./result.js";
import { measure } from "./rounds.js";
import { workloads } from "./workloads.js";

// One workload, or the bytes of one competitor, in a process of its own: `main.ts` starts it, and is sent what it found.

const [kind, name = "", speed] = process.argv.slice(2);
const quick = speed === "quick";

function result(): Result {
  if (kind === "bytes") return { [name]: [bytesHeld(name)] };
  if (kind === "peak") return { "channel-grants": [bytesAtMost()], limit: [bytesHeld("channel-grants")] };
  const workload = workloads[name];
  if (!workload) throw new Error(`no workload ${name}`);
  agreeOnUser(competitors, everyState, everyGroup());
  const { long = false, operations, time = 20 } = workload;
  const rounds = long ? (quick ? 1 : 3) : quick ? 5 : 21;
  const times = measure(workload.prepare(), { rounds, time, long });
  return Object.fromEntries(
    Object.entries(times).map(([competitor, list]) => [competitor, list.map((time) => time / operations)]),
  );
}

process.send?.(result());
