import { columns } from "../core/base/columns.js";
import { at } from "../core/base/faults.js";
import { showId } from "../core/base/message.js";
import { isRecord, ownValue, readList, readQuestion } from "../core/base/readers.js";
import { decisionOn } from "../core/decisions/explain.js";
import { grantText } from "../core/decisions/grant-text.js";
import { readIds } from "../core/decisions/target.js";
import { oneWord } from "../core/engine/bits.js";
import {
  actionOf,
  areaOf,
  type CompiledPolicy,
  compiledPolicyOf,
  plainPolicy,
} from "../core/engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../core/engine/grant-bits.js";
import { clausesOf } from "../core/engine/rule.js";
import { statesIn } from "../core/engine/standing.js";
import type { ActionOf, AreaOf, Policy, PostGroup, RoleOf, User } from "../core/types/index.js";
import { holdingsOf } from "../core/users/holdings.js";
import { person } from "./person.js";

/**
 * The subject of a decision table: the actions in an area, by level; or one action, by user and target.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { decisionTable, type TableSubject } from "channel-grants/testing";
 *
 * const subject: TableSubject<Engage> = { area: "analytics" };
 * decisionTable(engage, subject).split("\n").length; // 3
 * ```
 */
export type TableSubject<P extends Policy = Policy> =
  | { readonly area: AreaOf<P>; readonly role?: RoleOf<P> }
  | {
      readonly action: ActionOf<P>;
      readonly users: readonly User<P>[];
      readonly targets: readonly (string | PostGroup)[];
    };

/**
 * Writes a table of who may do what, as text for a snapshot. A change of rights then shows as a difference to review.
 *
 * With `area`, the table lists each action that the area matters to, on one connection at each of its levels. It is
 * asked for a user who holds nothing in the other areas and has a role that the heading names: by default, the last one
 * that takes grants. With `action`, the table lists each user and each target.
 *
 * @throws `PolicyError` `invalid-policy`, `unknown-area`, `unknown-action`, `wrong-target`, `invalid-user` or
 * `invalid-grant`.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { decisionTable, person } from "channel-grants/testing";
 *
 * const ana = person(engage).named("ana").on("fb", { publish: "full-access" });
 * const ben = person(engage).named("ben").on(["fb", "ig"], { publish: "needs-approval" });
 * const targets = [{ connections: ["fb"] }, { connections: ["fb", "ig"] }];
 * const table = decisionTable(engage, { action: "publish.post-now", users: [ana, ben], targets });
 * table.split("\n"); // ["publish.post-now  fb   fb + ig", "ana               yes  no", "ben               no   no"]
 * ```
 */
export function decisionTable<P extends Policy>(policy: P, subject: TableSubject<P>): string {
  const engine = plainPolicy(compiledPolicyOf(policy), "decisionTable");
  const isByLevel = isRecord(subject) && Object.hasOwn(subject, "area");
  const keys = isByLevel ? ["area", "role"] : ["action", "users", "targets"];
  const asked = readQuestion(subject, at("wrong-target"), keys);
  if (isByLevel) return columns(byLevel(policy, engine, asked));
  const action = asked.get("action") as string;
  // However few users and targets there are, a misspelt action is found.
  const { target: kind } = actionOf(engine, action);
  const users = readList(asked.get("users"), at("invalid-user", "users"), (user) => user as User<P>);
  const targets = readList(asked.get("targets"), at("wrong-target", "targets"), (target) => target);
  const head = targets.map((target) => readIds(target, kind, action).map(showId).join(" + ") || "none");
  const rows = users.map((user) => [showId(user.id), ...targets.map((target) => answer(user, action, target))]);
  return columns([[showId(action), ...head], ...rows]);
}

function byLevel<P extends Policy>(
  policy: P,
  engine: CompiledPolicy,
  asked: ReadonlyMap<string, unknown>,
): readonly (readonly string[])[] {
  const area = areaOf(engine, asked.get("area") as string);
  const keys = keysIn(engine.keys, area);
  const anybody = person(policy);
  const somebody = (asked.has("role") ? anybody.as(asked.get("role") as RoleOf<P>) : anybody).knowing(connection);
  const { name: roleName, fixed, base } = holdingsOf(somebody).role;
  // A fixed role has one state in the area.
  const grants = statesIn(fixed ? oneWord(base) & area.states : area.states).map((state) => decodeGrant(keys, state));
  const users = grants.map((grant) => (fixed ? somebody : somebody.on(connection, grant as object)));
  const actions = [...engine.actions.keys()].filter((action) =>
    clausesOf(actionOf(engine, action)).some((clause) => ownValue(clause, "area") === area.name),
  );
  const rows = actions.map((action) => {
    const target = { none: undefined, connection, group: { connections: [connection] } }[
      actionOf(engine, action).target
    ];
    return [showId(action), ...users.map((user) => answer(user, action, target))];
  });
  return [[`${showId(area.name)}, ${showId(roleName)}`, ...grants.map((grant) => grantText(grant))], ...rows];
}

const connection = "connection";

function answer(user: object, action: string, target: unknown): "yes" | "no" {
  return decisionOn(user, action, target).allowed ? "yes" : "no";
}
