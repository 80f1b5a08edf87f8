import type { Place } from "../../core/base/faults.js";
import { ownCopy } from "../../core/base/readers.js";
import type { Area } from "../../core/engine/area.js";
import type { Role } from "../../core/engine/rule.js";
import { findSituation, isMet, type Search } from "./find-situation.js";
import { demandsOf, type Requirement, type Setting } from "./literals.js";
import type { Situation } from "./situation.js";

/** What a user of a role can be in, and what is asked of it. */
export interface Question {
  readonly role: Role;
  readonly requirements: readonly Requirement[];
  /** The place to refuse if there are too many choices to try. */
  readonly place: Place;
  /** True if a situation without a connection counts. Otherwise it only replaces one whose connection changes nothing. */
  readonly withoutConnection: boolean;
  /** True if a situation with a stranger in the group counts. */
  readonly withStranger?: boolean;
  /** The other role that the user has under another policy: what no grant applies to there, none applies to here. */
  readonly otherRole?: Role;
  /** True if users of the role have grants also where the other role takes none: there, they are not looked at. */
  readonly hasGrants?: boolean;
  readonly statesOf?: (area: Area) => number;
  readonly swap?: Search["swap"];
  readonly size?: number;
}

/** Finds the smallest situation that a user of a role can be in and that meets all requirements. */
export function findForRole(question: Question): Situation | undefined {
  const asked = ownCopy(question);
  const { role, requirements, place, withoutConnection, withStranger = false, otherRole = role } = asked;
  const { statesOf = allStates, swap, size, hasGrants = false } = asked;
  const inGroup = requirements.some(({ scope }) => scope !== "none") || swap?.area.isOfAccount === false;
  const isFixed = role.fixed || (!hasGrants && otherRole.fixed);
  const isAccountFixed = role.fixedAccount || (!hasGrants && otherRole.fixedAccount);
  const { base, account } = role;
  const about = { statesOf, base, account, inGroup, ...(swap && { swap }), ...(size !== undefined && { size }) };
  const ask = (setting: Omit<Setting, "isAccountFixed">, fixed?: Search["fixed"]) => {
    const demands = requirements.flatMap((each) => {
      const { fixed: held, isStrange } = setting;
      const takesNone = isFixed || fixed !== undefined || each.role.fixed;
      return demandsOf(each, {
        isStrange,
        ...(held && takesNone && { fixed: held }),
        isAccountFixed: isAccountFixed || each.role.fixedAccount,
      });
    });
    const search = ownCopy({ ...about, isStrange: setting.isStrange, ...(fixed && { fixed }) });
    return { demands, search, find: () => findSituation(search, demands, place) };
  };
  const strangers = withStranger && inGroup ? [false, true] : [false];
  const held = { isHeld: true };
  if (!isFixed && (inGroup || !otherRole.fixed)) {
    return firstOf(strangers, (isStrange) => ask({ isStrange, fixed: held }).find());
  }
  if (inGroup) {
    const group = { group: Array.from({ length: size ?? 1 }, () => base), beyond: [] };
    return firstOf(strangers, (isStrange) => ask({ isStrange, fixed: held }, group).find());
  }
  const beyond = isFixed
    ? ask({ isStrange: false, fixed: held }, { group: [], beyond: [base] })
    : ask({ isStrange: false, fixed: held });
  const empty = ask({ isStrange: false, fixed: { isHeld: false } }, { group: [], beyond: [] });
  const nothing = empty.find();
  const isEnough =
    withoutConnection || beyond.demands.every((demand) => nothing && isMet(demand, nothing, empty.search));
  if (nothing && isEnough) return nothing;
  const found = beyond.find();
  // What the other role holds, it holds on a connection that the user knows.
  return found && found.beyond.length === 0 ? { ...found, beyond: [base] } : found;
}

function allStates({ states }: Area): number {
  return states;
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}
