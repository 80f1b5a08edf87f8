import { at, below, type Place, refuse } from "../../core/base/faults.js";
import { readInstant } from "../../core/base/instant.js";
import { expected, showValue } from "../../core/base/message.js";
import { isRecord, readList, readQuestion, readStrings } from "../../core/base/readers.js";
import { actionOf } from "../../core/engine/compiled-policy.js";
import type { TargetKind } from "../../core/types/index.js";
import { ALIAS, type SqlContext } from "../columns.js";
import { concat, type Fragment, identifier, type SqlValue } from "../fragment.js";
import { isStored, readIdentifier } from "../tables.js";

/** A question whose values are not read yet. */
export type Query = ReadonlyMap<string, unknown>;

/** Reads a question. Where grants may end, the context of its query has the instant at which it asks. */
export function readQuery(context: SqlContext, source: unknown, keys: readonly string[]): readonly [Query, SqlContext] {
  const query = readKeys(context, source, [...keys, "only", ...endKey(context)]);
  return [query, { ...context, at: readEnd(context, query) }];
}

/** Reads the keys of a question, and that of its account where there are many. */
export function readKeys({ tables }: SqlContext, source: unknown, keys: readonly string[]): Query {
  const account = tables.accounts === "one" ? [] : ["account"];
  return readQuestion(source, at("invalid-query"), [...account, ...keys]);
}

/** Lists the key of the instant at which is asked, if grants may end. */
export function endKey({ tables }: SqlContext): readonly string[] {
  return [tables.of.grants, tables.of.users].some(({ columns }) => columns.has("until")) ? ["at"] : [];
}

/** Reads the instant at which is asked, if grants may end. */
export function readEnd(context: SqlContext, query: Query): string | undefined {
  return endKey(context).length > 0 ? readInstant(query.get("at"), at("invalid-query", "at")) : undefined;
}

/** The users in each relation to a post that was given. */
export type Given = ReadonlyMap<string, readonly SqlValue[]>;

/** A policy without relations has no use for the key. */
export function relationsKey({ engine }: SqlContext): readonly string[] {
  return engine.relations.length > 0 ? ["relations"] : [];
}

export function readRelations({ engine }: SqlContext, query: Query): Given {
  if (!query.has("relations")) return new Map();
  const place = at("invalid-query", "relations");
  const given = readQuestion(query.get("relations"), place, engine.relations);
  return new Map(
    [...given].map(([relation, users]) => {
      const inside = below(place, relation);
      if (users === null) return [relation, []];
      if (!Array.isArray(users)) return [relation, [readId(users, inside)]];
      return [relation, readList(users, inside, readId)];
    }),
  );
}

export function readAction({ engine }: SqlContext, action: unknown, kinds: readonly TargetKind[]): string {
  const { target } = actionOf(engine, action as string);
  if (!kinds.includes(target)) {
    const accepted = [...engine.actions].filter(([, { target }]) => kinds.includes(target)).map(([name]) => name);
    refuse(at("wrong-target"), `${showValue(action)} is asked about ${target}; ${expected(accepted)}`);
  }
  return action as string;
}

export function readValue(query: Query, key: string): SqlValue {
  return readId(query.get(key), at("invalid-query", key));
}

export function readIds(query: Query, key: string): readonly SqlValue[] {
  return readList(query.get(key), at("invalid-query", key), readId);
}

/** Reads a value to bind. The database has to store it unchanged. */
export function readId(value: unknown, place: Place): SqlValue {
  if (typeof value === "string" ? isStored(value) : typeof value === "bigint" || Number.isSafeInteger(value)) {
    return value as SqlValue;
  }
  return refuse(place, `${showValue(value)} is not an id in SQL; expected a string without NUL, or an integer`);
}

/** Reads which row is wanted. An alias of this query is refused: it would mean this query's own column, and so every row. */
export function readOnly({ tables: { dialect } }: SqlContext, query: Query): Fragment | SqlValue {
  const only = query.get("only");
  if (!isRecord(only)) return readValue(query, "only");
  const place = at("invalid-query", "only");
  const names = below(place, "column");
  const given = readStrings(readQuestion(only, place, ["column"]).get("column"), names);
  if (given.length !== 2) refuse(names, `${given.length} names are not a column; expected a table and its column`);
  if (given[0]?.toLowerCase().startsWith(ALIAS)) {
    refuse(
      names,
      `${showValue(given[0])} is kept for this query; expected a name that does not begin with ${showValue(ALIAS)}`,
      0,
    );
  }
  const quoted = given.map((name, index) => identifier(readIdentifier(name, below(names, index), dialect), dialect));
  return concat(quoted, ".");
}
