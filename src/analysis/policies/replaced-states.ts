import { at } from "../../core/base/faults.js";
import type { Area } from "../../core/engine/area.js";
import { type CompiledPolicy, ruleFor } from "../../core/engine/compiled-policy.js";
import type { Part, Role, Rule } from "../../core/engine/rule.js";
import { keepsFlags, statesIn } from "../../core/engine/standing.js";
import { findForRole } from "../search/find-for-role.js";
import { type Situation, smallestOf } from "../search/situation.js";
import { spellState } from "../search/spell-state.js";
import type { Finding } from "./policy-report.js";
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
      const key = JSON.stringify([area.name, cases.map(({ role, rule }) => [role.name, signatureOf(role, rule)])]);
      if (!known.has(key)) known.set(key, lossOf(engine, cases, area));
      const loss = known.get(key);
      return loss ? [{ action, ...loss }] : [];
    }),
  );
}

function lossOf(engine: CompiledPolicy, cases: readonly Case[], area: Area): Omit<Finding, "action"> | undefined {
  const isRaise = (from: number, to: number) =>
    levelIn(to, area) > levelIn(from, area) && keepsFlags(to, from, area) && keepsFlags(from, to, area);
  const lost = pairsIn(area, isRaise).flatMap(([from, to]) =>
    cases.flatMap((each) => {
      const found = findReplacement(each, area, from, to);
      return found ? [{ ...found, ...each, from, to }] : [];
    }),
  );
  const smallest = smallestOf(lost);
  if (!smallest) return undefined;
  const spelt = (state: number) => spellState(engine, area, state);
  const raised = {
    ...(!area.isOfAccount && { connection: "c1" }),
    from: spelt(smallest.from),
    to: spelt(smallest.to),
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
  const level = (state: number) => levelIn(state, area);
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

/** Lists the rules of some actions about an area, for each role that takes grants there. Equal rules are listed once. */
function casesAbout(engine: CompiledPolicy, area: Area, actions: readonly string[]): readonly Case[] {
  const cases = new Map<string, Case>();
  for (const role of engine.roles.values()) {
    if (area.isOfAccount ? role.fixedAccount : role.fixed) continue;
    for (const rule of actions.map((action) => ruleFor({ engine, role }, action))) {
      const isAbout = rule.clauses.some(({ parts }) => parts.some((part) => part.area === area));
      if (!isAbout) continue;
      const signature = signatureOf(role, rule);
      if (!cases.has(signature)) cases.set(signature, { role, rule });
    }
  }
  return [...cases.values()];
}

/** What a rule for a role asks, and what the role holds everywhere. */
function signatureOf({ fixed, base, fixedAccount, account }: Role, { target, clauses }: Rule): string {
  const asked = clauses.map(({ parts, is, isNot }) => [
    parts.map(({ area, forbid, require, asksSome }) => [area.name, forbid, require, asksSome]),
    is,
    isNot,
  ]);
  return JSON.stringify([target, asked, fixed && base, fixedAccount && account]);
}

/**
 * Finds the smallest situation that meets a rule, and does not once another state of one area replaces that of the
 * group's first connection, or that of the account.
 */
function findReplacement({ role, rule }: Case, area: Area, from: number, to: number): Situation | undefined {
  const { target: scope, clauses } = rule;
  // The clause that is lost is one that treats the other state worse.
  const isWorse = ({ area: its, forbid, require }: Part) =>
    its === area &&
    (((to & forbid) !== 0 && (from & forbid) === 0) || ((from & require) !== 0 && (to & require) === 0));
  if (!clauses.some(({ parts }) => parts.some(isWorse))) return undefined;
  return findForRole({
    role,
    requirements: [
      { role, scope, clauses, holds: true },
      { role, scope, clauses, holds: false, isAfter: true },
    ],
    place: at("invalid-policy"),
    withoutConnection: true,
    swap: { area, from, to },
  });
}

function pairsIn(area: Area, fits: (one: number, other: number) => boolean): readonly (readonly [number, number])[] {
  const states = statesIn(area.states);
  return states.flatMap((one) => states.filter((other) => fits(one, other)).map((other) => [one, other] as const));
}

function couples<Item>(items: readonly Item[]): readonly (readonly [Item, Item])[] {
  return items.flatMap((one, index) => items.slice(index + 1).map((other) => [one, other] as const));
}

/** Returns the rank of a state's level. */
function levelIn(state: number, { atLevel }: Area): number {
  return atLevel.findIndex((states) => state & states);
}
