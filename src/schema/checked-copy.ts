import { type Place, refuse } from "../core/base/faults.js";
import { showValue } from "../core/base/message.js";
import { isRecord, readField, readRecord, readString, readStrings } from "../core/base/readers.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import { type AnyAction, type Role, relationsOf } from "../core/engine/rule.js";
import { readRelated } from "../core/targets/relations.js";
import type { AccountGrantInput, GrantInput, Policy, UserRow } from "../core/types/index.js";
import { readAccountOf, readGrantOf, readUser } from "../core/users/create-user.js";
import { isEnding } from "../core/users/ends.js";
import { readCap } from "../core/users/limit.js";

/**
 * Copies a grant, then checks the copy: a getter could return something else to the next reader. The end of one that ends
 * is written in UTC.
 */
export function copyGrant<P extends Policy>(
  engine: CompiledPolicy,
  role: Role | undefined,
  source: unknown,
  place: Place,
): GrantInput<P> {
  return checked(readGrantOf, engine, role, source, place) as GrantInput<P>;
}

/** Copies what a user holds in the account as a whole, then checks the copy. */
export function copyAccount<P extends Policy>(
  engine: CompiledPolicy,
  role: Role | undefined,
  source: unknown,
  place: Place,
): AccountGrantInput<P> {
  return checked(readAccountOf, engine, role, source, place) as AccountGrantInput<P>;
}

function checked(
  read: typeof readGrantOf,
  engine: CompiledPolicy,
  role: Role | undefined,
  source: unknown,
  place: Place,
): unknown {
  const copy = isRecord(source) ? Object.fromEntries(readRecord(source, place)) : source;
  const held = read(engine, role, copy, place, true);
  return isEnding(held) ? { ...(copy as object), until: held.until } : copy;
}

/** Copies a user on its own, who may be limited. */
export function copySingleUser<P extends Policy>(engine: CompiledPolicy, source: unknown, place: Place): UserRow<P> {
  return copyUser(engine, source, place, ["limit"]);
}

/** Copies a user, with its grants by connection. */
export function copyUser<P extends Policy>(
  engine: CompiledPolicy,
  source: unknown,
  place: Place,
  furtherKeys: readonly string[] = [],
): UserRow<P> {
  const read = readUser(engine, source, place, copyGrant, copyAccount, furtherKeys);
  const { given, id, role, grants, connections, account } = read;
  const limit = given.has("limit")
    ? readField(given, { ...place, code: "invalid-grant" }, "limit", (cap, each) => readCap(engine, cap, each).cap)
    : undefined;
  // A missing field is a fault, and then this copy is not handed out.
  return {
    id,
    role: role?.name,
    ...(given.has("grants") && { grants: Object.fromEntries(grants ?? []) }),
    ...(given.has("connections") && { connections }),
    ...(given.has("account") && { account }),
    ...(limit && { limit }),
  } as UserRow<P>;
}

/** Copies the target of an action: of a post, its connections and who is in each relation that the action names. */
export function copyTarget(action: string, definition: AnyAction, source: unknown, place: Place): unknown {
  const { target: kind } = definition;
  if (kind === "none") return refuse(place, `${showValue(source)} is not accepted; expected no target`);
  if (kind === "connection") return readString(source, place, "a connection's id");
  const relations = relationsOf(definition);
  const group = readRecord(source, place, ["connections", ...relations]);
  const connections = readField(group, place, "connections", readStrings);
  const related = relations.map((relation) => [
    relation,
    readField(group, place, relation, (value, each) => {
      const users = readRelated(value, each, relation, action);
      return Array.isArray(value) ? users : value;
    }),
  ]);
  return Object.fromEntries([["connections", connections], ...related]);
}
