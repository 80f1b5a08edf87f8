import { at, below, type Place, refuse } from "../../core/base/faults.js";
import { showValue } from "../../core/base/message.js";
import { readList, readName, readRecord } from "../../core/base/readers.js";
import type { Area } from "../../core/engine/area.js";
import type { CompiledPolicy } from "../../core/engine/compiled-policy.js";
import { encodeState } from "../../core/engine/grant-bits.js";
import { statesIn } from "../../core/engine/standing.js";

/** A plan that was read: by role, and by area of the second policy the area that it was, with the state that each becomes. */
export interface CheckedPlan {
  readonly roles: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<Area, Source>;
}

export interface Source {
  readonly area: Area;
  readonly states: ReadonlyMap<number, number>;
}

/** Reads a plan, which says of every role and every state of the first policy what it becomes. */
export function readPlan(from: CompiledPolicy, to: CompiledPolicy, source: unknown): CheckedPlan {
  const place = at("invalid-policy");
  const fields = readRecord(source, place);
  const roles = new Map(
    readList(fields.get("roles"), below(place, "roles"), (entry, each) => {
      const role = readRecord(entry, each);
      const read = (key: "from" | "to", { roles: all }: CompiledPolicy) =>
        readName(role.get(key), below(each, key), all);
      return [read("from", from), read("to", to)] as const;
    }),
  );
  checkAll(from.roles.keys(), roles, below(place, "roles"));
  const places = new Set<string>();
  const sources = readList(fields.get("areas"), below(place, "areas"), (entry, each) => {
    const area = readRecord(entry, each);
    const old = areaIn(from, area.get("from"), below(each, "from"));
    places.add(old.name);
    if (area.get("to") === null) return [];
    const next = areaIn(to, area.get("to"), below(each, "to"));
    const states = new Map(
      readList(area.get("states"), below(each, "states"), (pair, inside) => {
        const fieldsOf = readRecord(pair, inside);
        const read = (key: "from" | "to", policy: CompiledPolicy, of: Area) =>
          encodeState(of.isOfAccount ? policy.accountKeys : policy.keys, of, fieldsOf.get(key), below(inside, key));
        return [read("from", from, old), read("to", to, next)] as const;
      }),
    );
    checkAll(statesIn(old.states), states, below(each, "states"));
    return [[next, { area: old, states }] as const];
  });
  checkAll(
    from.areas.map(({ name }) => name),
    places,
    below(place, "areas"),
  );
  return { roles, sources: new Map(sources.flat()) };
}

function areaIn({ areas }: CompiledPolicy, source: unknown, place: Place): Area {
  const names = new Map(areas.map((area) => [area.name, area]));
  return names.get(readName(source, place, names)) as Area;
}

/** Refuses a plan that leaves something out. */
function checkAll<Of>(all: Iterable<Of>, planned: { has(one: Of): boolean }, place: Place): void {
  for (const each of all) {
    if (planned.has(each)) continue;
    const what = typeof each === "string" ? showValue(each) : "a state";
    refuse(place, `no place for ${what}; expected what migrateGrants returns for these two policies`);
  }
}
