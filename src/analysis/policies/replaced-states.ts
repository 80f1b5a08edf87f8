import type { Area } from "../../core/engine/area.js";
import { oneWord } from "../../core/engine/bits.js";
import { type CompiledPolicy, ruleFor } from "../../core/engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../../core/engine/grant-bits.js";
import type { Clause, Role, Rule } from "../../core/engine/rule.js";
import { keepsFlags, levelOf, meets, statesIn, unionOf } from "../../core/engine/standing.js";
import type { Finding } from "./policy-report.js";
import { bySize, type Situation } from "./situation.js";
import { kindsAmong, subsets } from "./subsets.js";
import { witnessOf } from "./witness.js";

/** A rule for a role that grants apply to. */
interface Case {
  readonly role: Role;
  readonly rule: Rule;
}

/** Finds, for each action, a level in each area that takes it away by being higher. */
export function lossesIn(engine: CompiledPolicy): readonly Finding[] {
  const known = new Map<string, Omit<Finding, "action"> | undefined>();
  return [...engine.actions.keys()].flatMap((action) =>
    engine.areas.flatMap((area) => {
      const cases = casesAbout(engine, area, [action]);
      const key = JSON.stringify([area.name, cases.map(({ role, rule }) => [role.name, signatureOf(rule)])]);
      if (!known.has(key)) known.set(key, lossOf(engine, cases, area));
      const loss = known.get(key);
      return loss ? [{ action, ...loss }] : [];
    }),
  );
}

function lossOf(engine: CompiledPolicy, cases: readonly Case[], area: Area): Omit<Finding, "action"> | undefined {
  const isRaise = (from: number, to: number) =>
    levelOf(to, area) > levelOf(from, area) && keepsFlags(to, from, area) && keepsFlags(from, to, area);
  const lost = pairsIn(area, isRaise).flatMap(([from, to]) =>
    cases.flatMap((each) => {
      const found = findReplacement(each, area, from, to);
      return found ? [{ ...found, ...each, from, to }] : [];
    }),
  );
  const [smallest] = lost.toSorted(bySize);
  if (!smallest) return undefined;
  const keys = keysIn(engine.keys, area);
  const raised = {
    connection: "c1",
    from: decodeGrant(keys, smallest.from),
    to: decodeGrant(keys, smallest.to),
  };
  return { area: area.name, witness: witnessOf(engine, smallest.role, smallest), raised };
}

/** Finds levels and flags of an area that no rule tells apart, and flags that make no difference. */
export function alikeIn(engine: CompiledPolicy, area: Area): readonly Finding[] {
  const cases = casesAbout(engine, area, [...engine.actions.keys()]);
  const isToldApart = (one: number, other: number) =>
    cases.some((each) => findReplacement(each, area, one, other) ?? findReplacement(each, area, other, one));
  const alike = (fits: (one: number, other: number) => boolean) => {
    const pairs = pairsIn(area, fits);
    return pairs.length > 0 && !pairs.some(([one, other]) => isToldApart(one, other));
  };
  const level = (state: number) => levelOf(state, area);
  const flags = [...area.flags];
  const has = (state: number, flag: number) => (state & flag) !== 0;
  const sameFlags = (one: number, other: number, except: readonly number[] = []) =>
    flags.every(([, flag]) => except.includes(flag) || has(one, flag) === has(other, flag));

  const ranked = area.levels.map((name, rank): readonly [string, number] => [name, rank]);
  const levels = couples(ranked).filter(([[, low], [, high]]) =>
    alike((one, other) => level(one) === low && level(other) === high && sameFlags(one, other)),
  );
  const idle = flags.filter(([, flag]) =>
    alike(
      (one, other) =>
        has(other, flag) && level(one) === level(other) && !has(one, flag) && sameFlags(one, other, [flag]),
    ),
  );
  const swapped = couples(flags.filter((flag) => !idle.includes(flag))).filter(([[, flag], [, rival]]) => {
    const isSwap = (one: number, other: number) =>
      has(one, flag) && has(other, rival) && !has(one, rival) && !has(other, flag);
    return alike(
      (one, other) => isSwap(one, other) && level(one) === level(other) && sameFlags(one, other, [flag, rival]),
    );
  });
  const named = [...[...levels, ...swapped].map(([[one], [other]]) => [one, other]), ...idle.map(([flag]) => [flag])];
  return named.map((names) => ({ area: area.name, names }));
}

/** Lists the rules of some actions about an area, for each role that takes grants. Equal rules are listed once. */
function casesAbout(engine: CompiledPolicy, area: Area, actions: readonly string[]): readonly Case[] {
  const cases = new Map<string, Case>();
  for (const role of engine.roles.values()) {
    for (const rule of actions.map((action) => ruleFor({ engine, role }, action))) {
      const isAbout = !role.fixed && rule.clauses.some((clause) => clause.area === area);
      const signature = signatureOf(rule);
      if (isAbout && !cases.has(signature)) cases.set(signature, { role, rule });
    }
  }
  return [...cases.values()];
}

function signatureOf({ target, clauses }: Rule): string {
  return JSON.stringify([target, ...clauses.map(({ forbid, require }) => [forbid, require])]);
}

/**
 * Finds the smallest group that meets a rule, and does not once the first connection is at another state in one area.
 *
 * The clause that is lost is about that area. In the others nothing has to be held, and then no clause about them holds;
 * a rule with a clause of a role alone never loses anything.
 */
function findReplacement({ role, rule }: Case, area: Area, from: number, to: number): Situation | undefined {
  if (rule.clauses.some((clause) => !clause.area)) return undefined;
  const clauses = rule.clauses.filter((clause) => clause.area === area);
  const isLost = (others: readonly number[]) =>
    meets(unionOf([from, ...others]), { clauses }) && !meets(unionOf([to, ...others]), { clauses });
  const beside = rule.target === "group" ? statesBeside(clauses, area, isLost, to) : [];
  const kinds = kindsAmong(beside, clauses);
  for (let size = 0; size <= kinds.length; size++) {
    for (const others of subsets(kinds, size)) {
      if (!isLost(others)) continue;
      return {
        group: [from, ...others].map((bits) => (oneWord(role.base) & ~area.states) | bits),
        beyond: [],
        isStrange: false,
      };
    }
  }
  return undefined;
}

/**
 * Lists the states that can be beside a replacement by which a clause is lost: by clause, those of a greatest set, within
 * which every solution lies. No solution has what the clause forbids, nor what another clause then requires.
 */
function statesBeside(
  clauses: readonly Clause[],
  area: Area,
  isLost: (others: readonly number[]) => boolean,
  to: number,
): readonly number[] {
  const sets = clauses.map(({ forbid }) => {
    let left = area.states & ~forbid;
    for (let before = 0; before !== left; ) {
      before = left;
      for (const each of clauses) if (((left | to) & each.forbid) === 0) left &= ~each.require;
    }
    return left;
  });
  return statesIn(unionOf(sets.filter((set) => isLost(statesIn(set)))));
}

function pairsIn(area: Area, fits: (one: number, other: number) => boolean): readonly (readonly [number, number])[] {
  const states = statesIn(area.states);
  return states.flatMap((one) => states.filter((other) => fits(one, other)).map((other) => [one, other] as const));
}

function couples<Item>(items: readonly Item[]): readonly (readonly [Item, Item])[] {
  return items.flatMap((one, index) => items.slice(index + 1).map((other) => [one, other] as const));
}
