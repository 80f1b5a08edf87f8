import { getOrInsert } from "../base/get-or-insert.js";
import { wordOf } from "../engine/bits.js";
import type { CompiledPolicy } from "../engine/compiled-policy.js";
import type { Role, Rule } from "../engine/rule.js";
import { meets } from "../engine/standing.js";
import { bitsAt, type ConnectionIndex, type PackedUser } from "../users/packed-user.js";

/** One word of what each of some users holds on a connection, in their order. */
interface Column {
  readonly rows: Rows;
  readonly bits: Int32Array;
}

/** The ids and roles of some users, in their order: beside each other, because of thousands each step aside is felt. */
interface People {
  readonly rows: Rows;
  readonly ids: readonly string[];
  readonly roles: readonly Role[];
}

/**
 * What an account was asked about, for the next question. A matrix and those that were made of it by changes share this:
 * each column says which rows it was made of, and only those that are others now are read again.
 */
export interface Columns {
  /** By word and by the number of the connection. */
  readonly inWord: Map<number, Map<number, Column>>;
  people: People;
  /** What differed when rows were last compared: the same for all columns that were made of the same rows. */
  changed: { readonly from: Rows; readonly to: Rows; readonly places: readonly number[] };
}

type Rows = readonly PackedUser[];

const noRows: Rows = [];

/** Makes room for columns. */
export function noColumns(): Columns {
  return {
    inWord: new Map(),
    people: { rows: noRows, ids: [], roles: [] },
    changed: { from: noRows, to: noRows, places: [] },
  };
}

/** Lists the places at which rows are others. */
function changedPlaces(columns: Columns, from: Rows, to: Rows): readonly number[] {
  const { changed } = columns;
  if (changed.from === from && changed.to === to) return changed.places;
  const places: number[] = [];
  for (let place = 0; place < to.length; place++) if (from[place] !== to[place]) places.push(place);
  columns.changed = { from, to, places };
  return places;
}

/** How many cells of columns are kept: they make a second question fast, and must not outgrow what they are made of. */
const CELLS_KEPT = 1 << 22;

/** Gives one word of the standing of every row over some connections, in the order of the rows. */
export function standingsOver(
  { engine, account: { numbers }, columns }: Asked,
  rows: Rows,
  connections: ReadonlySet<string>,
  word: number,
): Int32Array {
  const hasStranger = [...connections].some((connection) => !numbers.has(connection));
  const standings = new Int32Array(rows.length).fill(hasStranger ? wordOf(engine.stranger, word) : 0);
  // One after the other: a column for each of a hostile group's ids, all at once, would take a gigabyte.
  for (const connection of connections) {
    const number = numbers.get(connection);
    if (number === undefined) continue;
    const column = columnOf(columns, rows, number, word);
    for (let index = 0; index < standings.length; index++) {
      standings[index] = (standings[index] as number) | (column[index] as number);
    }
  }
  return standings;
}

/** The account that is asked about. */
interface Asked {
  readonly engine: CompiledPolicy;
  readonly account: ConnectionIndex;
  readonly columns: Columns;
}

function columnOf(columns: Columns, rows: Rows, number: number, word: number): Int32Array {
  const { inWord } = columns;
  const known = inWord.get(word)?.get(number);
  if (known?.rows === rows) return known.bits;
  const bits = new Int32Array(rows.length);
  if (known) bits.set(known.bits.subarray(0, rows.length));
  for (const place of changedPlaces(columns, known?.rows ?? noRows, rows)) {
    bits[place] = wordOf(bitsAt(rows[place] as PackedUser, number), word);
  }
  let kept = 0;
  for (const inThis of inWord.values()) kept += inThis.size;
  if (!known && kept * rows.length > CELLS_KEPT) inWord.clear();
  getOrInsert(inWord, word, () => new Map<number, Column>()).set(number, { rows, bits });
  return bits;
}

/** Lists those whose standing meets the rule for them: one word of each standing, or several. */
export function whoMeets(
  columns: Columns,
  rows: Rows,
  standings: readonly Int32Array[],
  words: readonly number[],
  { ofRole, ofUser }: RuleOf,
): readonly string[] {
  const { ids, roles } = peopleOf(columns, rows);
  const who: string[] = [];
  const [first] = standings as readonly [Int32Array];
  let last: Role | undefined;
  let rule: Rule | undefined;
  for (let index = 0; index < ids.length; index++) {
    const role = roles[index] as Role;
    if (role !== last) rule = ofRole(role);
    last = role;
    const asked = (rule as Rule).isConditional ? ofUser(rule as Rule, rows[index] as PackedUser) : (rule as Rule);
    const standing = words.length === 1 ? (first[index] as number) : standingAt(standings, words, index);
    if (meets(standing, asked)) who.push(ids[index] as string);
  }
  return Object.freeze(who);
}

/** Gives the rule of a role, and what is left of one that asks something of the account or of the post. */
interface RuleOf {
  ofRole(role: Role): Rule;
  ofUser(rule: Rule, user: PackedUser): Pick<Rule, "clauses">;
}

function peopleOf(columns: Columns, rows: Rows): People {
  const known = columns.people;
  if (known.rows === rows) return known;
  const ids = known.ids.slice(0, rows.length);
  const roles = known.roles.slice(0, rows.length);
  for (const place of changedPlaces(columns, known.rows, rows)) {
    const { id, role } = rows[place] as PackedUser;
    ids[place] = id;
    roles[place] = role;
  }
  columns.people = { rows, ids, roles };
  return columns.people;
}

function standingAt(standings: readonly Int32Array[], words: readonly number[], index: number): readonly number[] {
  const standing: number[] = [];
  for (const [place, word] of words.entries()) standing[word] = standings[place]?.[index] as number;
  return standing;
}
