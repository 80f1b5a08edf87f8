import { below, type Place, refuse } from "../core/base/faults.js";
import { showValue } from "../core/base/message.js";
import { isRecord, readRecord, readString, readStrings } from "../core/base/readers.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import type { Role } from "../core/engine/rule.js";
import type { GrantInput, Policy, TargetKind, UserRow } from "../core/types/index.js";
import { encodeAccountOf, encodeGrantOf, readUser } from "../core/users/create-user.js";

/** Copies a grant, then checks the copy: a getter could return something else to the next reader. */
export function copyGrant<P extends Policy>(
  engine: CompiledPolicy,
  role: Role | undefined,
  source: unknown,
  place: Place,
): GrantInput<P> {
  const copy = isRecord(source) ? Object.fromEntries(readRecord(source, place)) : source;
  encodeGrantOf(engine, role, copy, place);
  return copy as GrantInput<P>;
}

/** Copies what a user holds in the account as a whole, then checks the copy. */
function copyAccount<P extends Policy>(
  engine: CompiledPolicy,
  role: Role | undefined,
  source: unknown,
  place: Place,
): GrantInput<P> {
  const copy = isRecord(source) ? Object.fromEntries(readRecord(source, place)) : source;
  encodeAccountOf(engine, role, copy, place);
  return copy as GrantInput<P>;
}

/** Copies a user, with its grants by connection. */
export function copyUser<P extends Policy>(engine: CompiledPolicy, source: unknown, place: Place): UserRow<P> {
  const { given, id, role, grants, connections, account } = readUser(engine, source, place, copyGrant, copyAccount);
  // A missing field is a fault, and then this copy is not handed out.
  return {
    id,
    role: role?.name,
    ...(given.has("grants") && { grants: Object.fromEntries(grants ?? []) }),
    ...(given.has("connections") && { connections }),
    ...(given.has("account") && { account }),
  } as UserRow<P>;
}

/** Copies a target. */
export function copyTarget(kind: TargetKind, source: unknown, place: Place): unknown {
  if (kind === "none") return refuse(place, `${showValue(source)} is not accepted; expected no target`);
  if (kind === "connection") return readString(source, place, "a connection's id");
  const group = readRecord(source, place, ["connections"]);
  return { connections: readStrings(group.get("connections"), below(place, "connections")) };
}
