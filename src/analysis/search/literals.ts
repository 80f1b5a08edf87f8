import { ownCopy } from "../../core/base/readers.js";
import type { Area } from "../../core/engine/area.js";
import { wordOf } from "../../core/engine/bits.js";
import type { Clause, Part, Role } from "../../core/engine/rule.js";
import { isMetBy, lowestState } from "../../core/engine/standing.js";
import type { TargetKind } from "../../core/types/index.js";

/** What a clause is asked of: one connection by its place in the group, the group, or all that is held. */
export type Scope = number | "group" | "none";

/** One thing that clauses ask, and that is to hold or to fail. Areas are independent of each other. */
export type Literal = ConnectionLiteral | AccountLiteral | RelationLiteral;

/** Two masks over the states of one area of connections. */
export interface ConnectionLiteral {
  readonly about: "connections";
  readonly scope: Scope;
  readonly area: Area;
  readonly forbid: number;
  readonly require: number;
  readonly holds: boolean;
  /** True if it is asked after one state was replaced. */
  readonly isAfter: boolean;
}

/** The states that will do in one area of the account. */
export interface AccountLiteral {
  readonly about: "account";
  readonly area: Area;
  readonly states: number;
  readonly isAfter: boolean;
}

/** What the user is to the post, or is not. */
export interface RelationLiteral {
  readonly about: "relation";
  readonly relation: string;
  readonly holds: boolean;
}

/** Alternatives of which one must hold: all the literals of it. */
export type Demand = readonly (readonly Literal[])[];

/** Clauses of which one is to hold, or none, as a role of a policy is asked them. */
export interface Requirement {
  readonly scope: TargetKind | number;
  readonly clauses: readonly Clause[];
  readonly holds: boolean;
  readonly role: Role;
  readonly isAfter?: boolean;
  /** Gives the area that stands for one of another policy, and its states; nothing if it is missing. */
  readonly translate?: (area: Area) => Translation | undefined;
}

/** An area that stands for one of another policy. */
export interface Translation {
  readonly area: Area;
  mask(states: number): number;
}

/** What is certain beforehand of the users that a search is about. */
export interface Setting {
  /** True if a stranger is in the group. */
  readonly isStrange: boolean;
  /** If no grant applies: whether what the role holds everywhere is held on a connection. */
  readonly fixed?: { readonly isHeld: boolean };
  /** True if nothing is granted in the account. */
  readonly isAccountFixed: boolean;
}

/** What makes one part of a clause hold, and what makes it fail. */
interface Atom {
  readonly yes: Demand;
  readonly no: Demand;
}

/** Lists what must be so for a requirement to be met: one alternative of each demand. */
export function demandsOf(requirement: Requirement, setting: Setting): readonly Demand[] {
  const [asked, certain] = [ownCopy(requirement), ownCopy(setting)];
  const clauses = requirement.clauses.map((clause) => atomsOf(clause, asked, certain));
  if (!requirement.holds) return clauses.map((atoms) => atoms.flatMap(({ no }) => no));
  return [clauses.flatMap((atoms) => atoms.reduce<Demand>((all, { yes }) => product(all, yes), [[]]))];
}

function product(one: Demand, other: Demand): Demand {
  return one.flatMap((literals) => other.map((more) => [...literals, ...more]));
}

function atomsOf(clause: Clause, requirement: Requirement, setting: Setting): readonly Atom[] {
  const scope = requirement.scope === "connection" ? 0 : requirement.scope;
  const parts = clause.parts.filter(({ area }) => !area.isOfAccount);
  const areas = [...new Set(parts.map(({ area }) => area))];
  const { is, isNot } = clause;
  return [
    // What asks nothing of connections reaches those that the user knows.
    ...(areas.length > 0 ? [] : [certainly(!(setting.isStrange && scope === "group"))]),
    ...areas.map((area) => connectionAtom(area, masksIn(area, parts), scope, requirement, setting)),
    ...clause.account.map((part) => accountAtom(part, requirement, setting)),
    ...(is ? [{ yes: is.map((each) => [related(each, true)]), no: [is.map((each) => related(each, false))] }] : []),
    ...(isNot.length > 0
      ? [{ yes: [isNot.map((each) => related(each, false))], no: isNot.map((each) => [related(each, true)]) }]
      : []),
  ];
}

function related(relation: string, holds: boolean): RelationLiteral {
  return { about: "relation", relation, holds };
}

function certainly(holds: boolean): Atom {
  return { yes: holds ? [[]] : [], no: holds ? [] : [[]] };
}

/** Joins what several parts of a clause ask of one area. */
function masksIn(area: Area, parts: readonly Part[]): Pick<Part, "forbid" | "require"> {
  const its = parts.filter((part) => part.area === area);
  const required = parts.length === 1 ? parts[0] : its.find(({ asksSome }) => asksSome);
  return {
    forbid: its.reduce((union, { forbid }) => union | forbid, 0),
    require: required ? required.require : area.states,
  };
}

function connectionAtom(
  area: Area,
  { forbid, require }: Pick<Part, "forbid" | "require">,
  scope: Scope,
  { role, translate, isAfter = false }: Requirement,
  { fixed, isStrange }: Setting,
): Atom {
  if (fixed) {
    const held = fixed.isHeld ? wordOf(role.base, area.word) & area.states : 0;
    const standing = held | (isStrange && scope === "group" ? lowestState(area) : 0);
    return certainly((standing & forbid) === 0 && (standing & require) !== 0);
  }
  const translation = translate ? translate(area) : { area, mask: (states: number) => states };
  // Where the area is missing, nothing is held in it, and every clause asks for something.
  if (!translation) return certainly(false);
  const masks = { forbid: translation.mask(forbid), require: translation.mask(require) };
  const literal = { about: "connections", scope, area: translation.area, ...masks, isAfter } as const;
  return { yes: [[{ ...literal, holds: true }]], no: [[{ ...literal, holds: false }]] };
}

function accountAtom(part: Part, { role, translate, isAfter = false }: Requirement, setting: Setting): Atom {
  if (setting.isAccountFixed) return certainly(isMetBy(role.account, part));
  const translation = translate ? translate(part.area) : { area: part.area, mask: (states: number) => states };
  if (!translation) return certainly(false);
  const { area } = translation;
  const states = translation.mask(part.require & ~part.forbid);
  const literal = { about: "account", area, isAfter } as const;
  return { yes: [[{ ...literal, states }]], no: [[{ ...literal, states: area.states & ~states }]] };
}
