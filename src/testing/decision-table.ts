import { columns } from "../core/base/columns.js";
import { at } from "../core/base/faults.js";
import { showId } from "../core/base/message.js";
import { isRecord, ownValue, readList, readQuestion } from "../core/base/readers.js";
import { decisionOn } from "../core/decisions/explain.js";
import { grantText } from "../core/decisions/grant-text.js";
import type { Area } from "../core/engine/area.js";
import { wordOf } from "../core/engine/bits.js";
import { actionOf, areaOf, type CompiledPolicy, compiledPolicyOf } from "../core/engine/compiled-policy.js";
import { decodeGrant, keysIn } from "../core/engine/grant-bits.js";
import { clausesOf, partsOf, type Role } from "../core/engine/rule.js";
import { statesIn } from "../core/engine/standing.js";
import { readIds } from "../core/targets/target.js";
import type { ActionOf, AreaOf, GroupOf, Policy, RoleOf, User } from "../core/types/index.js";
import { holdingsOf } from "../core/users/holdings.js";
import { areasNamed } from "./cases.js";
import { relatedTexts } from "./decision-report.js";
import { type Person, person } from "./person.js";
import { relationsNamed, setsOf } from "./relation-forms.js";

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
      readonly targets: readonly (string | GroupOf<P>)[];
    };

/**
 * Writes a table of who may do what, as text for a snapshot. A change of rights then shows as a difference to review.
 *
 * With `area`, the table lists each action that the area matters to, on one connection at each of its levels. It is
 * asked for a user who holds nothing in the other areas and has a role that the heading names: by default, the last one
 * that takes grants. A clause of several areas has a further row, for a user who holds the most in the others; an action
 * that names relations has one for each that the user may be in. With `action`, the table lists each user and each target.
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
  const engine = compiledPolicyOf(policy);
  const isByLevel = isRecord(subject) && Object.hasOwn(subject, "area");
  const keys = isByLevel ? ["area", "role"] : ["action", "users", "targets"];
  const asked = readQuestion(subject, at("wrong-target"), keys);
  if (isByLevel) return columns(byLevel(policy, engine, asked));
  const action = asked.get("action") as string;
  // However few users and targets there are, a misspelt action is found.
  const { target: kind } = actionOf(engine, action);
  const users = readList(asked.get("users"), at("invalid-user", "users"), (user) => user as User<P>);
  const targets = readList(asked.get("targets"), at("wrong-target", "targets"), (target) => target);
  const head = targets.map((target) => {
    const ids = readIds(target, kind, action, undefined).map(showId).join(" + ") || "none";
    return [ids, ...relatedTexts(engine, action, target)].join(", ");
  });
  const rows = users.map((user) => [showId(user.id), ...targets.map((target) => answer(user, action, target))]);
  return columns([[showId(action), ...head], ...rows]);
}

function byLevel<P extends Policy>(
  policy: P,
  engine: CompiledPolicy,
  asked: ReadonlyMap<string, unknown>,
): readonly (readonly string[])[] {
  const area = areaOf(engine, asked.get("area") as string);
  const keys = keysIn(area.isOfAccount ? engine.accountKeys : engine.keys, area);
  const anybody = person(policy);
  const somebody = (asked.has("role") ? anybody.as(asked.get("role") as RoleOf<P>) : anybody).knowing(connection);
  const { role } = holdingsOf(somebody);
  const grants = statesOfRole(area, role).map((state) => decodeGrant(keys, state));
  const users = grants.map((grant) => holding(somebody, area, role, grant));
  const withMost = grants.map((grant) =>
    engine.areas.reduce(
      (each, other) => {
        const its = keysIn(other.isOfAccount ? engine.accountKeys : engine.keys, other);
        return other === area
          ? each
          : holding(each, other, role, decodeGrant(its, statesIn(other.states).at(-1) as number));
      },
      holding(somebody, area, role, grant),
    ),
  );
  const rows = [...engine.actions.keys()]
    .filter((action) => areasNamed(engine, action).includes(area))
    .flatMap((action) => {
      const ask = (label: string, relations: readonly string[], about: readonly Person[]) => {
        const cells = about.map((user) => answer(user, action, targetFor(engine, action, user, relations)));
        return [[showId(action), ...relations.map(showId), ...(label ? [label] : [])].join(", "), ...cells];
      };
      const relations = relationsNamed(actionOf(engine, action), engine.relations);
      return setsOf(relations).flatMap((set) => [
        ask("", set, users),
        ...(isBesideOthers(engine, action, area) ? [ask("the most elsewhere", set, withMost)] : []),
      ]);
    });
  return [[`${showId(area.name)}, ${showId(role.name)}`, ...grants.map((grant) => grantText(grant))], ...rows];
}

const connection = "connection";

/** Lists the states of an area that a user of a role may be in: of one that fixes it, there is one. */
function statesOfRole(area: Area, { fixed, fixedAccount, base, account }: Role): readonly number[] {
  const [isFixed, held] = area.isOfAccount ? [fixedAccount, account] : [fixed, base];
  return statesIn(isFixed ? wordOf(held, area.word) & area.states : area.states);
}

/** Gives a user one more grant, beside what it holds; what its role fixes stays as it is. */
function holding(user: Person, { isOfAccount }: Area, { fixed, fixedAccount }: Role, grant: object): Person {
  if (isOfAccount) return fixedAccount ? user : user.holding({ ...user.toJSON().account, ...grant });
  return fixed ? user : user.on(connection, { ...ownValue(user.toJSON().grants ?? {}, connection), ...grant });
}

/** Tells whether an action has a clause of an area and others. */
function isBesideOthers(engine: CompiledPolicy, action: string, { name }: Area): boolean {
  return clausesOf(actionOf(engine, action)).some((clause) => {
    const areas = partsOf(clause).map((part) => ownValue(part, "area"));
    return areas.includes(name) && areas.some((area) => area !== name);
  });
}

/** Makes the target of an action for a user who is in these relations to the post, and in no others. */
function targetFor(engine: CompiledPolicy, action: string, { id }: User, relations: readonly string[]): unknown {
  const related = engine.relations.map((relation) => [relation, relations.includes(relation) ? id : null] as const);
  const group = { ...Object.fromEntries(related), connections: [connection] };
  return { none: undefined, connection, group }[actionOf(engine, action).target];
}

function answer(user: object, action: string, target: unknown): "yes" | "no" {
  return decisionOn(user, action, target).allowed ? "yes" : "no";
}
