import { at, refuse } from "../core/base/faults.js";
import { getOrInsert } from "../core/base/get-or-insert.js";
import { showValue } from "../core/base/message.js";
import { elementAt } from "../core/base/readers.js";
import { type Bits, isSameBits } from "../core/engine/bits.js";
import { type CompiledPolicy, compiledPolicyOf } from "../core/engine/compiled-policy.js";
import { bitsOfGrant, decodeGrant, type Key } from "../core/engine/grant-bits.js";
import type { Role } from "../core/engine/rule.js";
import type { Policy, User } from "../core/types/index.js";
import { type Ending, isAhead } from "../core/users/ends.js";
import { type Time, userHolding } from "../core/users/holdings.js";
import { limited, limitFrom } from "../core/users/limit.js";
import {
  END,
  FIELD,
  fingerprintOf,
  KEPT,
  LEFT_OUT,
  readId,
  STATE,
  WORD,
  widthOf,
  writeBits,
  writeInstant,
  writeState,
} from "./format.js";

/**
 * Reads a user from a string that `packUser` wrote: it answers every question as the user who was packed.
 *
 * **The string is not signed**: read it only from a token or a cookie whose signature your server has checked. On a page,
 * it may come from the server as it is, for nothing is protected there.
 *
 * @param policy one with the same areas and roles as when the user was packed; a string made under another one is refused.
 * @throws `PolicyError` `invalid-policy`, or `invalid-user` for a string that `packUser` did not write.
 *
 * @example
 * ```ts
 * import { buffer, createUser, engage, PolicyError } from "channel-grants";
 * import { packUser, unpackUser } from "channel-grants/token";
 *
 * const text = packUser(createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } }));
 * unpackUser(engage, text).grants; // { fb: { publish: "view-only" } }
 * const refused: unknown[] = [];
 * try {
 *   unpackUser(buffer, text);
 * } catch (error) {
 *   refused.push((error as PolicyError).code);
 * }
 * refused; // ["invalid-user"]
 * ```
 */
export function unpackUser<P extends Policy>(policy: P, text: string): User<P> {
  const engine = compiledPolicyOf(policy);
  if (typeof text !== "string") return notPacked(text, "is no packed user");
  const fields = text.split(FIELD);
  let next = 0;
  // A field that is missing is read as one that is empty, which nothing accepts.
  const field = () => (elementAt(fields, next++) ?? "") as string;
  if (field() !== fingerprintOf(engine)) {
    return notPacked(text, "was packed under another policy or version, or is no packed user");
  }
  const roleField = field();
  const mark = [KEPT, LEFT_OUT].find((each) => roleField.endsWith(each));
  const names = [...engine.roles.keys()];
  const name = elementAt(names, readNumber(mark ? roleField.slice(0, -mark.length) : roleField));
  const role = engine.roles.get(name as string) ?? notPacked(roleField, "is no role of the policy");
  const id = readPackedId(field());
  const now = readTime(field());
  const listed = field();
  const states = listed === "" ? [] : listed.split(STATE).map((each) => readState(engine, each, now, false));
  const account = readState(engine, field(), now, true);
  const width = widthOf(states.length);
  // By the place as it is written, in as many characters as each entry has for it.
  const stateAt = new Map(states.map((state, place) => [place.toString(36).padStart(width, "0"), state]));
  const readEntries = (end: number) => {
    const entries = new Map<string, PackedState>();
    while (next < end) {
      const entry = field();
      const connection = readPackedId(entry.slice(width));
      if (entries.has(connection)) return notPacked(connection, "is packed twice");
      entries.set(connection, stateAt.get(entry.slice(0, width)) ?? notPacked(entry, "has no state"));
    }
    return entries;
  };
  const limit = mark && {
    account: readBits(engine, field(), true),
    otherwise: readBits(engine, field(), false),
    on: readCaps(),
  };
  const entries = readEntries(fields.length);
  const held = bitsOf(entries);
  checkFixed(role, held, account.bits);
  const time = now === undefined ? undefined : timeOf(now, new Map([...entries, [null, account]]));
  const holdings = {
    engine,
    id,
    role,
    held,
    account: account.bits,
    member: undefined,
    origin: undefined,
    time,
    limit: undefined,
  };
  return userHolding(limit ? limited(holdings, limitFrom(engine, limit, mark === KEPT)) : holdings);

  function readCaps(): ReadonlyMap<string, Bits> {
    const count = readNumber(field());
    return bitsOf(readEntries(next + count));
  }
}

/** What is held, with when it ends, and when its connection is no longer known. */
interface PackedState {
  readonly bits: Bits;
  readonly until: string | undefined;
  readonly leaves: string | undefined;
}

function bitsOf(entries: ReadonlyMap<string, PackedState>): Map<string, Bits> {
  const held = new Map<string, Bits>();
  for (const [connection, { bits }] of entries) held.set(connection, bits);
  return held;
}

/** Gives the instant that a user is asked about, and what ends after it. */
function timeOf(now: string, entries: ReadonlyMap<string | null, PackedState>): Time {
  const ends = new Map<string | null, Ending>();
  const leaving = new Map<string, string>();
  for (const [where, { bits, until, leaves }] of entries) {
    if (until !== undefined) ends.set(where, { bits, until });
    if (leaves !== undefined && where !== null) leaving.set(where, leaves);
  }
  return ends.size + leaving.size > 0 ? { now, ends, leaving } : notPacked(now, "stands where nothing ends");
}

function readTime(text: string): string | undefined {
  if (text === "") return undefined;
  const time = new Date(Number.parseInt(text, 36));
  const instant = Number.isNaN(time.getTime()) ? "" : time.toISOString();
  return instant.length === 24 && writeInstant(instant) === text
    ? instant
    : notPacked(text, "is no instant of a packed user");
}

/** Reads a state and its end, which lies ahead. */
function readState(engine: CompiledPolicy, text: string, now: string | undefined, ofAccount: boolean): PackedState {
  const parts = text.split(END);
  const readEnd = (index: number) => readTime((elementAt(parts, index) ?? "") as string);
  const state = { bits: readBits(engine, parts[0] as string, ofAccount), until: readEnd(1), leaves: readEnd(2) };
  const ahead = [state.until, state.leaves].every((end) => end === undefined || isAhead(end, now));
  const isWhole = ahead && writeState(state.bits, state.until, ofAccount ? undefined : state.leaves) === text;
  return isWhole ? state : notPacked(text, "is no state of a packed user");
}

/** Checks that a role which holds everywhere holds just that. */
function checkFixed(role: Role, held: ReadonlyMap<string, Bits>, account: Bits): void {
  const isWrong =
    (role.fixed && [...held.values()].some((bits) => !isSameBits(bits, role.base))) ||
    (role.fixedAccount && !isSameBits(account, role.account));
  if (isWrong) notPacked(role.name, "is packed with more or less than the role holds");
}

function readNumber(text: string): number {
  const number = Number.parseInt(text, 36);
  return number.toString(36) === text && Number.isSafeInteger(number) && number >= 0
    ? number
    : notPacked(text, "is no number of a packed user");
}

function readPackedId(text: string): string {
  return readId(text) ?? notPacked(text, "is no id of a packed user");
}

/** Reads a state: it is one if a grant that says the same has the same bits. */
function readBits({ keys, accountKeys }: CompiledPolicy, text: string, ofAccount: boolean): Bits {
  const its = ofAccount ? accountKeys : keys;
  const known = getOrInsert(knownBits, its, () => new Map<string, Bits>());
  const before = known.get(text);
  if (before !== undefined) return before;
  const bits = bitsOfGrant(
    its,
    decodeGrant(
      its,
      text.split(WORD).map((word) => Number.parseInt(word, 36)),
    ),
  );
  if (writeBits(bits) !== text) return notPacked(text, "is no state of the policy");
  if (known.size < STATES_KNOWN) known.set(text, bits);
  return bits;
}

/** How many states of a policy are kept: a policy has few, and none may have so many that they fill the memory. */
const STATES_KNOWN = 256;

// A server reads the same few states with each request.
const knownBits = /* @__PURE__ */ new WeakMap<readonly Key[], Map<string, Bits>>();

function notPacked(value: unknown, problem: string): never {
  return refuse(at("invalid-user"), `${showValue(value)} ${problem}; expected a string that packUser wrote`);
}
