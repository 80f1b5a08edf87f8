import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { Awaitable } from "../core/types/awaitable.js";
import type { ActionOf, GroupOf, Policy, User } from "../core/types/index.js";

/**
 * The names of the types of entities in requests and answers.
 *
 * @example
 * ```ts
 * import type { EntityTypes } from "channel-grants/authzen";
 *
 * const types: EntityTypes = { user: "member", group: "post" };
 * types.group; // "post"
 * ```
 */
export interface EntityTypes {
  /** Of a subject: `"user"` by default. */
  readonly user?: string;
  /** Of a resource that is one connection: `"connection"` by default. */
  readonly connection?: string;
  /** Of a resource that is a stored post group: `"group"` by default. */
  readonly group?: string;
  /** Of the resource that is the account as a whole: `"account"` by default. */
  readonly account?: string;
}

/**
 * The question of a search for post groups.
 *
 * @example
 * ```ts
 * import type { Engage } from "channel-grants";
 * import type { AskedAbout } from "channel-grants/authzen";
 *
 * const feed = ({ user, action }: AskedAbout<Engage>) => `${user.id} ${action}`;
 * feed.length; // 1
 * ```
 */
export interface AskedAbout<P extends Policy = Policy> {
  readonly user: User<P>;
  readonly action: ActionOf<P>;
}

/**
 * How a decision point finds what requests name.
 *
 * A loader gets the request, whose headers say who asks; its body has been read. A loader may return a promise. Whatever
 * it throws is answered with 500.
 *
 * @example
 * ```ts
 * import { createUser, type Engage, engage } from "channel-grants";
 * import type { DecisionPointOptions } from "channel-grants/authzen";
 *
 * const users = new Map([["ana", createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "view-only" } } })]]);
 * const posts = new Map([["post-1", { connections: ["fb"] }]]);
 * const options: DecisionPointOptions<Engage> = {
 *   account: "acme",
 *   loadUser: (id) => users.get(id),
 *   loadGroup: (id) => posts.get(id),
 *   listGroups: () => posts,
 *   onError: (error) => console.error(error),
 * };
 * options.account; // "acme"
 * ```
 */
export interface DecisionPointOptions<P extends Policy = Policy> {
  /** The id of the account: the resource that actions on the account as a whole are asked about. */
  readonly account: string;
  /** Loads a user with its grants. Nobody is `undefined` or `null`. A limited user stays limited. */
  readonly loadUser: (id: string, request: Request) => Awaitable<User<P> | null | undefined>;
  /** Loads a stored post group with its connections and relations. Nothing is `undefined` or `null`. */
  readonly loadGroup?: (id: string, request: Request) => Awaitable<GroupOf<P> | null | undefined>;
  /** Loads the matrix whose users a search for subjects lists. Without it, there is no such search. */
  readonly loadAccount?: (request: Request) => Awaitable<GrantMatrix<P>>;
  /**
   * Lists the stored post groups by id, for a search for them: all, or those that your application has chosen for the
   * question. Each is asked about. Without it, such a search finds nothing.
   */
  readonly listGroups?: (
    asked: AskedAbout<P>,
    request: Request,
  ) => Awaitable<
    Iterable<readonly [id: string, group: GroupOf<P>]> | AsyncIterable<readonly [id: string, group: GroupOf<P>]>
  >;
  /** Hears of everything that is answered with 500. */
  readonly onError: (error: unknown, request: Request) => void;
  /**
   * The identifier of the decision point: an https URL without a slash at its end. Its path stands before the path of each
   * endpoint. By default, it is the origin of each request.
   */
  readonly url?: string;
  readonly types?: EntityTypes;
  /** The most bytes of a body: 1 MiB by default. */
  readonly mostBytes?: number;
  /** The most evaluations of one request: 1,000 by default. */
  readonly mostEvaluations?: number;
  /** The most results of one page: 1,000 by default. */
  readonly mostResults?: number;
}

/**
 * A decision point: it answers one request.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createDecisionPoint, type DecisionPoint } from "channel-grants/authzen";
 *
 * const point: DecisionPoint = createDecisionPoint(engage, { account: "acme", loadUser: () => null, onError: () => {} });
 * (await point(new Request("https://pdp.test/"))).status; // 404
 * ```
 */
export type DecisionPoint = (request: Request) => Promise<Response>;
