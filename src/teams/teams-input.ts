import type { AccountGrantInput, GrantInput, GrantsByConnection, Policy, RoleOf } from "../core/types/index.js";

/**
 * What `foldTeams` takes: an account whose grants may be given to teams, on brands, and everywhere.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { foldTeams, type TeamsInput } from "channel-grants/teams";
 *
 * const account: TeamsInput<Engage> = {
 *   users: [{ id: "ana", role: "viewer" }],
 *   connections: ["fb", "ig"],
 *   brands: [{ id: "acme", connections: ["fb", "ig"] }],
 *   teams: [{ id: "emea", members: ["ana"], grants: { brands: { acme: { publish: "view-only" } } } }],
 * };
 * foldTeams(engage, account).sources("ana", "fb").length; // 1
 * ```
 */
export interface TeamsInput<P extends Policy = Policy> {
  readonly users: readonly TeamUser<P>[];
  /** All connections of the account: every grant and every brand is about these. */
  readonly connections: readonly string[];
  readonly teams?: readonly Team<P>[];
  readonly brands?: readonly Brand[];
}

/**
 * A user with its own grants, which count before those of its teams.
 *
 * @example
 * ```ts
 * import type { Engage } from "channel-grants";
 * import type { TeamUser } from "channel-grants/teams";
 *
 * const ana: TeamUser<Engage> = { id: "ana", role: "viewer", grants: { connections: { fb: { publish: "full-access" } } } };
 * ana.grants?.everywhere; // undefined
 * ```
 */
export interface TeamUser<P extends Policy = Policy> {
  readonly id: string;
  readonly role: RoleOf<P>;
  readonly grants?: PlacedGrants<P> | undefined;
  /** What it holds in the account as a whole. */
  readonly account?: AccountGrantInput<P> | undefined;
}

/**
 * A team: its members, by their ids, and what each of them gets.
 *
 * @example
 * ```ts
 * import type { Engage } from "channel-grants";
 * import type { Team } from "channel-grants/teams";
 *
 * const emea: Team<Engage> = { id: "emea", members: ["ana"], grants: { everywhere: { analytics: "full-access" } } };
 * emea.members; // ["ana"]
 * ```
 */
export interface Team<P extends Policy = Policy> {
  readonly id: string;
  readonly members: readonly string[];
  readonly grants?: PlacedGrants<P> | undefined;
  /** What its members hold in the account as a whole. */
  readonly account?: AccountGrantInput<P> | undefined;
}

/**
 * A brand: some connections of the account, which may be those of other brands too.
 *
 * @example
 * ```ts
 * import type { Brand } from "channel-grants/teams";
 *
 * const acme: Brand = { id: "acme", connections: ["fb", "ig"] };
 * acme.connections.length; // 2
 * ```
 */
export interface Brand {
  readonly id: string;
  readonly connections: readonly string[];
}

/**
 * Grants by the place that they are given on. A narrower place counts before a wider one.
 *
 * @example
 * ```ts
 * import type { Engage } from "channel-grants";
 * import type { PlacedGrants } from "channel-grants/teams";
 *
 * const grants: PlacedGrants<Engage> = {
 *   everywhere: { publish: "view-only" },
 *   brands: { acme: { publish: "needs-approval" } },
 *   connections: { fb: { publish: "full-access" } },
 * };
 * grants.everywhere; // { publish: "view-only" }
 * ```
 */
export interface PlacedGrants<P extends Policy = Policy> {
  /** On every connection of the account. */
  readonly everywhere?: GrantInput<P> | undefined;
  /** On every connection of a brand: an object by brand, a `Map`, or entries. */
  readonly brands?: GrantsByBrand<P> | Iterable<readonly [string, GrantInput<P> | undefined]> | undefined;
  /** On single connections: an object by connection, a `Map`, or entries. */
  readonly connections?: GrantsByConnection<P> | Iterable<readonly [string, GrantInput<P> | undefined]> | undefined;
}

/**
 * Grants as an object, by brand.
 *
 * @example
 * ```ts
 * import type { Engage } from "channel-grants";
 * import type { GrantsByBrand } from "channel-grants/teams";
 *
 * const grants: GrantsByBrand<Engage> = { acme: { publish: "view-only" } };
 * Object.keys(grants); // ["acme"]
 * ```
 */
export type GrantsByBrand<P extends Policy = Policy> = GrantsByConnection<P>;
