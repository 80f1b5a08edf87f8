import { at, refuse } from "../core/base/faults.js";
import { expected, showId, showValue } from "../core/base/message.js";
import { accessLevel, allowedActions } from "../core/decisions/can.js";
import { decisionOn } from "../core/decisions/explain.js";
import { areaOf } from "../core/engine/compiled-policy.js";
import type {
  ActionOf,
  AreaOf,
  KindOf,
  LevelOf,
  LevelTargetOf,
  PostGroup,
  TargetOf,
  User,
} from "../core/types/index.js";
import { holdingsOf } from "../core/users/holdings.js";
import { decisionReport, heldOn } from "./decision-report.js";

/**
 * The matchers as types, with which you extend your test runner's own interface; the page on testing shows how.
 *
 * @example
 * ```ts
 * import type { Engage, User } from "channel-grants";
 * import type { GrantMatchers } from "channel-grants/testing";
 *
 * type OfUser = GrantMatchers<User<Engage>>;
 * const names: (keyof OfUser)[] = ["toBeAllowed", "toBeAllowedExactly", "toHaveAccess"];
 * names.length; // 3
 * ```
 */
export interface GrantMatchers<Received, Result = void> {
  /** Passes if `can` says yes. A failure prints the decision. */
  toBeAllowed<A extends ActionOf<PolicyOf<Received>>>(action: A, ...target: TargetOf<PolicyOf<Received>, A>): Result;
  /** Passes if these are all the actions that are allowed on the target, in any order. */
  toBeAllowedExactly<Target extends string | PostGroup | undefined = undefined>(
    actions: readonly ActionOf<PolicyOf<Received>, KindOf<Target>>[],
    target?: Target,
  ): Result;
  /** Passes if the user has this level in an area, on a connection or a post group; in an area of the account, without one. */
  toHaveAccess<A extends AreaOf<PolicyOf<Received>>>(
    area: A,
    ...asked: [...target: LevelTargetOf<PolicyOf<Received>, NoInfer<A>>, level: LevelOf<PolicyOf<Received>, A>]
  ): Result;
}

/**
 * The policy of a user, inferred from the user's type.
 *
 * @example
 * ```ts
 * import { createUser, engage, type RoleOf } from "channel-grants";
 * import type { PolicyOf } from "channel-grants/testing";
 *
 * const ana = createUser(engage, { id: "ana", role: "viewer" });
 * const role: RoleOf<PolicyOf<typeof ana>> = ana.role;
 * role; // "viewer"
 * ```
 */
export type PolicyOf<Received> = Received extends User<infer P> ? P : never;

/**
 * The result of a matcher, in the form that Vitest and Jest take.
 *
 * @example
 * ```ts
 * import { createUser, engage } from "channel-grants";
 * import { type MatcherResult, matchers } from "channel-grants/testing";
 *
 * const ana = createUser(engage, { id: "ana", role: "admin" });
 * const result: MatcherResult = matchers.toBeAllowed(ana, "connections.create");
 * result.pass; // true
 * ```
 */
export interface MatcherResult {
  readonly pass: boolean;
  /** Returns the text that a failure prints. */
  readonly message: () => string;
}

/**
 * Adds `toBeAllowed`, `toBeAllowedExactly` and `toHaveAccess` to Vitest or Jest, through `expect.extend(matchers)`.
 *
 * The matchers ask `can`, `allowedActions` and `accessLevel`, so they agree with them. A wrong action, area, level or
 * target throws the same `PolicyError`, also after `.not`. A failure prints the decision, and what is held and needed
 * on each connection.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { matchers, person } from "channel-grants/testing";
 *
 * const ana = person(engage).on("fb", { publish: "view-only" });
 * const { pass, message } = matchers.toBeAllowed(ana, "publish.post-now", { connections: ["fb"] });
 * pass; // false
 * message().split("\n")[0]; // "somebody may not publish.post-now on fb: fb holds view-only in publish and needs full-access."
 * ```
 */
export const matchers = {
  /** Asks whether a user may do something. */
  toBeAllowed(received: unknown, action: string, ...target: readonly unknown[]): MatcherResult {
    const user = received as User;
    const about = target.at(0) as string | PostGroup | undefined;
    return { pass: decisionOn(user, action, about).allowed, message: () => decisionReport(user, action, about) };
  },

  /** Asks whether these are all the actions that a user may do to a target. */
  toBeAllowedExactly(received: unknown, actions: readonly string[], target?: string | PostGroup): MatcherResult {
    const user = received as User;
    const allowed = allowedActions(user, target);
    const missing = actions.filter((action) => !decisionOn(user, action, target).allowed);
    const further = allowed.filter((action) => !actions.includes(action));
    const all = missing.length === 0 && further.length === 0;
    return {
      pass: all,
      message: () =>
        [
          ...(all ? [`These are all, and no others: ${actionList(allowed)}.`] : []),
          ...(missing.length > 0 ? [`Missing: ${actionList(missing)}.`] : []),
          ...(further.length > 0 ? [`Allowed besides: ${actionList(further)}.`] : []),
          ...[...missing, ...further].slice(0, 1).map((action) => decisionReport(user, action, target)),
        ].join("\n\n"),
    };
  },

  /** Asks whether a user is at a level. */
  toHaveAccess(received: unknown, area: string, ...last: readonly unknown[]): MatcherResult {
    const user = received as User;
    const asked = areaOf(holdingsOf(user).engine, area);
    const level = last.at(-1) as string;
    if (!asked.levels.includes(level)) {
      refuse(at("invalid-grant"), `${showValue(level)} is not a level of ${showId(area)}; ${expected(asked.levels)}`);
    }
    const [target] = last.slice(0, -1) as [target: string | PostGroup];
    const found = accessLevel(user, area, target);
    return {
      pass: found === level,
      message: () => {
        const wanted = found === level ? "another level" : showId(level);
        const held = target === undefined ? "" : heldOn(user, target, [asked], []);
        return `${showId(user.id)} has ${showId(found)} in ${showId(area)}; expected ${wanted}.${held}`;
      },
    };
  },
};

function actionList(actions: readonly string[]): string {
  return actions.map(showId).join(", ") || "none";
}
