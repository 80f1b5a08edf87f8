import { ownCopy, ownValue } from "../base/readers.js";
import type {
  ClauseDefinition,
  PartDefinition,
  PatternDefinition,
  Policy,
  StatesDefinition,
  TargetKind,
} from "../types/index.js";
import { type Area, STRANGER } from "./area.js";
import type { Bits } from "./bits.js";

/** The definition of an action, of a clause, of a part of one, and of a pattern, of any policy. */
export type AnyAction = Policy["actions"][string];
export type AnyClause = ClauseDefinition<string, string, string, string, string>;
export type AnyPart = PartDefinition<string, string, string>;
export type AnyPattern = PatternDefinition<string, string>;

/** The two masks of a clause in one word. */
export interface Masks {
  readonly word: number;
  /** No connection may be in one of these states. */
  readonly forbid: number;
  /** Some connection must be in one of these states. */
  readonly require: number;
}

/** What a clause asks of one area, and what explanations say of it. */
export interface Part {
  readonly area: Area;
  readonly forbid: number;
  readonly require: number;
  /** What its definition says, which explanations read. */
  readonly definition: AnyPart;
  /** Whether it asks of some connection only. */
  readonly asksSome: boolean;
}

/** A clause as masks, with what it asks of the account and of the post. */
export interface Clause extends Masks {
  /** The masks in further words. */
  readonly more: readonly Masks[];
  /** The area that it is about, if it is about one, of connections. */
  readonly area: Area | undefined;
  /** What it asks of areas, in its own order. */
  readonly parts: readonly Part[];
  /** Those of its parts that ask of the account. */
  readonly account: readonly Part[];
  /** The relations of which the user must have one. */
  readonly is: readonly string[] | undefined;
  /** The relations of which the user may have none. */
  readonly isNot: readonly string[];
}

/** What one action takes of a role: those clauses alone that the role fits. */
export interface Rule {
  readonly action: string;
  readonly target: TargetKind;
  readonly clauses: readonly Clause[];
  /** The words that the action reads, whatever the role. */
  readonly words: readonly number[];
  /**
   * Once a standing has any of these states, the answer is certain: every clause forbids it, or one that forbids none
   * requires it. For each of the words.
   */
  readonly certain: readonly number[];
  /** The relations that the action names, whatever the role: its target carries them. */
  readonly relations: readonly string[];
  /** Whether a clause asks something of the account or of the post, so that not all clauses are for every user of the role. */
  readonly isConditional: boolean;
}

export interface Role {
  readonly name: string;
  /** What a known connection gives without a grant. */
  readonly base: Bits;
  /** Whether `base` holds everywhere, so that grants do not apply. */
  readonly fixed: boolean;
  /** What the account gives without a grant. */
  readonly account: Bits;
  /** Whether `account` holds for every user, so that none is given. */
  readonly fixedAccount: boolean;
  /** Whether clauses that name it are for its users: not for one who is limited. */
  readonly isNamed: boolean;
  /** The rules that were asked for, by action. */
  readonly rules: Map<string, Rule>;
  /** The lists of rules that were asked for, by kind of target. */
  readonly rulesAbout: Map<TargetKind, readonly Rule[]>;
}

/** Lists the clauses of an action. */
export function clausesOf({ allow }: AnyAction): readonly AnyClause[] {
  return [allow].flat() as AnyClause[];
}

/** Lists the relations that an action names: the target of one on a post group carries them. */
export function relationsOf(action: AnyAction): readonly string[] {
  const named = clausesOf(action).flatMap((clause) => [ownValue(clause, "is") ?? [], ownValue(clause, "isNot") ?? []]);
  return [...new Set(named.flat())];
}

/** Lists the roles that a clause is for; any role where there is none. */
export function rolesOf(clause: AnyClause): readonly string[] | undefined {
  return oneOrMore(ownValue(clause, "role"));
}

/** Tells whether a clause is for a role. */
export function isFor(clause: AnyClause, { name, isNamed }: Role): boolean {
  const roles = rolesOf(clause);
  return roles === undefined || (isNamed && roles.includes(name));
}

/** Lists what a clause asks of areas: one of them, or one after the other. */
export function partsOf(clause: AnyClause): readonly AnyPart[] {
  return ownValue(clause, "and") ?? (ownValue(clause, "area") === undefined ? [] : [clause as AnyPart]);
}

/** Makes the rule of an action for a role. */
export function makeRule(areas: readonly Area[], role: Role, action: string, definition: AnyAction): Rule {
  const defined = clausesOf(definition);
  const all = defined.map((clause) => compileClause(areas, clause));
  const read = new Set(all.flatMap(({ parts }) => parts.filter(isOfConnection).map(({ area }) => area.word)));
  const words = read.size > 0 ? [...read].sort((one, other) => one - other) : [0];
  const word = words[0] as number;
  // A clause that asks nothing of connections but that they are known reads it in any word.
  const clauses = all
    .filter((_, index) => isFor(defined[index] as AnyClause, role))
    .map((clause) => (hasWord(clause) ? clause : { ...clause, word }));
  const relations = relationsOf(definition);
  return {
    action,
    target: definition.target,
    clauses,
    words,
    certain: words.map((each) => certainStates(each, clauses)),
    relations,
    isConditional: relations.length > 0 || clauses.some(({ account }) => account.length > 0),
  };
}

function hasWord({ parts }: Clause): boolean {
  return parts.some(isOfConnection);
}

function certainStates(word: number, clauses: readonly Clause[]): number {
  let no = ~0;
  let yes = 0;
  for (const clause of clauses) {
    const { more, account, is, isNot, forbid, require } = clause;
    no &= [clause, ...more].find((masks) => masks.word === word)?.forbid ?? 0;
    const isPlain = more.length === 0 && account.length === 0 && is === undefined && isNot.length === 0;
    if (isPlain && clause.word === word && forbid === 0) yes |= require;
  }
  return no | yes;
}

/**
 * Turns a clause into its masks: each area has its own forbid, and the one require is that of the part which asks of some
 * connection only. Where there is none any state will do, for a connection is in exactly one state of each area.
 */
export function compileClause(areas: readonly Area[], definition: AnyClause): Clause {
  const parts = partsOf(definition).map((part) => compilePart(areas, part));
  const ofConnection = parts.filter(isOfConnection);
  const [first = { word: 0, forbid: STRANGER, require: ~STRANGER }, ...more] = masksOf(ofConnection);
  return {
    ...first,
    more,
    area: parts.length === 1 ? ofConnection[0]?.area : undefined,
    parts,
    account: parts.filter((part) => !isOfConnection(part)),
    is: oneOrMore(ownValue(definition, "is")),
    isNot: oneOrMore(ownValue(definition, "isNot")) ?? [],
  };
}

function masksOf(parts: readonly Part[]): readonly Masks[] {
  const words = [...new Set(parts.map(({ area }) => area.word))];
  return words.map((word) => {
    const inWord = parts.filter(({ area }) => area.word === word);
    const required = inWord.find(({ asksSome }) => asksSome || parts.length === 1);
    return {
      word,
      forbid: inWord.reduce((union, { forbid }) => union | forbid, 0),
      require: required?.require ?? ~0,
    };
  });
}

function isOfConnection({ area }: Part): boolean {
  return !area.isOfAccount;
}

/**
 * Turns what is asked of one area into its masks. Two conditions forbid the union and require the intersection: a union
 * would let "some connection at full access, every one with the flag" pass on a flag at a lower level.
 */
export function compilePart(areas: readonly Area[], definition: AnyPart): Part {
  const area = areas.find(({ name }) => name === ownValue(definition, "area")) as Area;
  const { levels, atLevel, states, lift, isOfAccount } = area;
  const { level, exactly, some, every } = ownCopy(
    definition as ClauseDefinition<string, string, string, string, string>,
  );
  const rank = levels.indexOf((exactly ?? level) as string);
  const isTooLow = (each: number) => each < rank && (each > 0 || lift < rank);
  const tooLow = atLevel.reduce((union, bits, each) => (isTooLow(each) ? union | bits : union), 0);
  // A pattern that names nothing is of all states.
  const inEvery = statesOf(area, every ?? {});
  const enough = statesOf(area, some ?? ({ level, exactly } as AnyPattern));
  const isLifted = rank >= 0 && rank <= lift;
  return {
    area,
    definition,
    forbid: (states & ~inEvery) | tooLow,
    require: inEvery & enough,
    asksSome: !isOfAccount && (some !== undefined || exactly !== undefined || isLifted),
  };
}

/** Gives the states of an area that a pattern names. */
export function statesOf(area: Area, pattern: AnyPattern): number {
  if (Array.isArray(pattern)) {
    return pattern.reduce<number>((union, each: AnyPattern) => union | statesOf(area, each), 0);
  }
  const { levels, atLevel, flags, states } = area;
  const from = (rank: number) => atLevel.reduce((union, bits, each) => (each >= rank ? union | bits : union), 0);
  if (typeof pattern === "string") return flags.get(pattern) ?? from(levels.indexOf(pattern));
  const { level, exactly, flags: named = [] } = ownStates(pattern as StatesDefinition<string, string>);
  let left = states;
  if (level !== undefined) left &= from(levels.indexOf(level));
  if (exactly !== undefined) left &= atLevel[levels.indexOf(exactly)] as number;
  for (const flag of named) left &= flags.get(flag) as number;
  return left;
}

/** Copies a part of a pattern, so that its own keys are read alone. */
export function ownStates(pattern: StatesDefinition<string, string>): StatesDefinition<string, string> {
  return { __proto__: null, ...pattern } as StatesDefinition<string, string>;
}

function oneOrMore(names: string | readonly string[] | undefined): readonly string[] | undefined {
  return names === undefined ? undefined : ([names].flat() as string[]);
}
