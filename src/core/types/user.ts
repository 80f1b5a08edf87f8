import type { AccountAreaOf, AreaOf, ConnectionAreaOf, FlagOf, LevelOf, Policy, RoleOf } from "./policy.js";

/**
 * What one user holds on one connection, every area's level and every flag spelt out.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage, type Grant } from "channel-grants";
 *
 * const account = createMatrix(engage, {
 *   users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } }],
 * });
 * const grant: Grant<Engage> = account.grant("ana", "fb");
 * grant; // { conversations: "no-access", publish: "view-only", approver: true, analytics: "no-access" }
 * ```
 */
export type Grant<P extends Policy = Policy> = {
  readonly [K in ConnectionAreaOf<P> | FlagOf<P>]:
    | (K extends AreaOf<P> ? LevelOf<P, K> : never)
    | (K extends FlagOf<P> ? boolean : never);
};

/**
 * An instant: a `Date`, or an ISO string with its zone.
 *
 * @example
 * ```ts
 * import type { Instant } from "channel-grants";
 *
 * const instants: readonly Instant[] = ["2026-03-31T09:00:00Z", "2026-03-31T11:00:00+02:00", new Date(0)];
 * instants.length; // 3
 * ```
 */
export type Instant = string | Date;

/**
 * When a grant ends, if it does, in UTC: from then on, it is not there.
 *
 * @example
 * ```ts
 * import { createMatrix, engage, type Until } from "channel-grants";
 *
 * const grants = { fb: { publish: "view-only", until: new Date("2026-09-01T00:00:00Z") } } as const;
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "viewer", grants }] }, { at: "2026-08-31T12:00:00Z" });
 * const { until }: Until = account.grant("ana", "fb");
 * until; // "2026-09-01T00:00:00.000Z"
 * ```
 */
export type Until = {
  readonly until?: string;
};

/**
 * The instant at which users are asked about: the library has no clock.
 *
 * @example
 * ```ts
 * import { type At, createUser, engage } from "channel-grants";
 *
 * const now: At = { at: new Date("2026-09-01T00:00:00Z") };
 * const grants = { fb: { publish: "view-only", until: "2026-09-01T00:00:00Z" } } as const;
 * createUser(engage, { id: "ana", role: "viewer", grants }, now).grants; // {}
 * ```
 */
export interface At {
  readonly at: Instant;
}

/**
 * A grant as it may be given: an area left out is at its lowest level, a flag left out is off. With `until`, it ends.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage, type GrantInput } from "channel-grants";
 *
 * const grant: GrantInput<Engage> = { publish: "view-only", approver: true, analytics: undefined };
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: grant } });
 * ana.toJSON().grants; // { fb: { publish: "view-only", approver: true } }
 * ```
 */
export type GrantInput<P extends Policy = Policy> = {
  readonly [K in keyof Grant<P> | "until"]?: K extends keyof Grant<P>
    ? Grant<P>[K] | Open<K> | undefined
    : Instant | undefined;
};

/** Of a policy that is not known, any key may be `until`. */
type Open<Key> = string extends Key ? Instant : never;

/**
 * What one user holds in the account as a whole, every such area's level and every flag spelt out.
 *
 * @example
 * ```ts
 * import { type AccountGrant, createMatrix, definePolicy } from "channel-grants";
 *
 * const agency = definePolicy({
 *   name: "agency",
 *   levels: ["none", "manage"],
 *   areas: { billing: { levels: ["none", "manage"], of: "account" } },
 *   roles: { member: {} },
 *   actions: { "billing.pay": { target: "none", allow: { area: "billing", level: "manage" } } },
 * });
 * const account = createMatrix(agency, { users: [{ id: "ana", role: "member" }] });
 * const grant: AccountGrant<typeof agency> = account.accountGrant("ana");
 * grant; // { billing: "none" }
 * ```
 */
export type AccountGrant<P extends Policy = Policy> = {
  readonly [K in AccountAreaOf<P> | FlagOf<P>]:
    | (K extends AreaOf<P> ? LevelOf<P, K> : never)
    | (K extends FlagOf<P> ? boolean : never);
};

/**
 * What is held in the account as it may be given: an area left out is at its lowest level, a flag left out is off.
 *
 * @example
 * ```ts
 * import { type AccountGrantInput, definePolicy } from "channel-grants";
 *
 * const agency = definePolicy({
 *   name: "agency",
 *   levels: ["none", "manage"],
 *   areas: { billing: { levels: ["none", "manage"], of: "account" } },
 *   roles: { member: {} },
 *   actions: { "billing.pay": { target: "none", allow: { area: "billing", level: "manage" } } },
 * });
 * const grant: AccountGrantInput<typeof agency> = { billing: "manage" };
 * grant.billing; // "manage"
 * ```
 */
export type AccountGrantInput<P extends Policy = Policy> = {
  readonly [K in keyof AccountGrant<P> | "until"]?: K extends keyof AccountGrant<P>
    ? AccountGrant<P>[K] | Open<K> | undefined
    : Instant | undefined;
};

/**
 * A user as data: what `createUser` takes, and what a `User` becomes in JSON.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage, type UserInput } from "channel-grants";
 *
 * const input: UserInput<Engage> = { id: "ana", role: "viewer", grants: new Map([["fb", { publish: "view-only" }]]) };
 * createUser(engage, input).role; // "viewer"
 * ```
 */
export interface UserInput<P extends Policy = Policy> {
  readonly id: string;
  readonly role: RoleOf<P>;
  /** By connection: an object, a `Map`, or entries. */
  readonly grants?: GrantsByConnection<P> | Iterable<readonly [string, GrantInput<P> | undefined]> | undefined;
  /** The account's connections, as far as they concern this user. */
  readonly connections?: readonly string[] | undefined;
  /** What it holds in the account as a whole. */
  readonly account?: AccountGrantInput<P> | undefined;
  /** What it is limited to. Only `createUser` takes it, as a matrix holds what users are granted. */
  readonly limit?: Cap<P> | undefined;
}

/**
 * What a user is limited to: it may do what both its own grants and these allow.
 *
 * @example
 * ```ts
 * import { type Cap, can, createUser, type Engage, engage, limit } from "channel-grants";
 *
 * const readOnly: Cap<Engage> = { grants: { publish: "view-only", conversations: "view-only" } };
 * const ana = createUser(engage, { id: "ana", role: "admin", grants: { fb: { publish: "full-access" } } });
 * const viewing = limit(ana, readOnly);
 * can(viewing, "publish.view", { connections: ["fb"] }); // true
 * can(viewing, "publish.edit", { connections: ["fb"] }); // false
 * ```
 */
export interface Cap<P extends Policy = Policy> {
  /** One grant for every connection, or grants by connection: what is left out is capped at the lowest level. */
  readonly grants?: GrantInput<P> | GrantsByConnection<P> | Iterable<readonly [string, GrantInput<P> | undefined]>;
  /** What it may use of what it holds in the account. */
  readonly account?: AccountGrantInput<P>;
  /** Whether clauses that name the user's role still hold. */
  readonly role?: "keep";
}

/**
 * Grants as an object, by connection.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage, type GrantsByConnection } from "channel-grants";
 *
 * const grants: GrantsByConnection<Engage> = { fb: { publish: "view-only" }, ig: undefined };
 * createUser(engage, { id: "ana", role: "viewer", grants }).toJSON().grants; // { fb: { publish: "view-only" } }
 * ```
 */
export interface GrantsByConnection<P extends Policy = Policy> {
  // A grant spelt out: an error about a misspelt key then names the right ones.
  readonly [connection: string]:
    | {
        readonly [K in keyof Grant<P> | "until"]?: K extends keyof Grant<P>
          ? Grant<P>[K] | Open<K> | undefined
          : Instant | undefined;
      }
    | undefined;
}

/**
 * A user as a row of JSON: only what is above the lowest level, and the other connections it knows.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage, type UserRow } from "channel-grants";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" }, ig: {} } });
 * const row: UserRow<Engage> = ana.toJSON();
 * row; // { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } }, connections: ["ig"] }
 * ```
 */
export interface UserRow<P extends Policy = Policy> extends UserInput<P> {
  readonly grants?: GrantsByConnection<P>;
  readonly connections?: readonly string[];
  readonly account?: AccountGrantInput<P>;
  readonly limit?: Cap<P>;
}

/**
 * A user whose grants are checked and encoded; only `createUser` and a matrix make one.
 *
 * What it holds is its own data: two users who hold different things are equal to no comparison, and a spread or a
 * structured clone is a whole input for `createUser` (law 9).
 *
 * @example
 * ```ts
 * import { can, createUser, type Engage, engage, type User } from "channel-grants";
 *
 * const ana: User<Engage> = createUser(engage, { id: "ana", role: "admin" });
 * can(ana, "connections.create"); // true
 * JSON.stringify(ana); // '{"id":"ana","role":"admin"}'
 * ```
 */
export interface User<P extends Policy = Policy> {
  readonly id: string;
  readonly role: RoleOf<P>;
  /** What it holds above the lowest level, by connection: frozen, and made when it is first read. */
  readonly grants: GrantsByConnection<P>;
  /** The other connections that it knows. */
  readonly connections: readonly string[];
  /** What it holds above the lowest in the account; absent where the policy has no such area. */
  readonly account?: AccountGrantInput<P>;
  /** What it is limited to, if `limit` made it. */
  readonly limit?: Cap<P>;
  /** The next instant at which an answer may change, in UTC, because a grant ends; no own key, as the grants say it. */
  readonly validUntil: string | undefined;
  /** Gives the input shape back. */
  toJSON(): UserRow<P>;
}

/**
 * An account as data: what `createMatrix` takes, and what a `GrantMatrix` becomes in JSON.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage, type MatrixInput } from "channel-grants";
 *
 * const input: MatrixInput<Engage> = { users: [{ id: "ana", role: "viewer" }], connections: ["fb", "ig"] };
 * createMatrix(engage, input).connections(); // ["fb", "ig"]
 * ```
 */
export interface MatrixInput<P extends Policy = Policy> {
  readonly users: readonly UserInput<P>[];
  readonly connections?: readonly string[] | undefined;
}
