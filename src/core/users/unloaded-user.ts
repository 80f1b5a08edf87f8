import { compiledPolicyOf } from "../engine/compiled-policy.js";
import type { Role } from "../engine/rule.js";
import type { Policy, User } from "../types/index.js";
import { userHolding } from "./holdings.js";

/**
 * Makes a user of no role, who knows no connection: denied everything (law 1), at the lowest level everywhere. To ask
 * about it checks an action and its target as any question does.
 */
export function nobodyOf<P extends Policy>(policy: P): User<P> {
  const engine = compiledPolicyOf(policy);
  const role: Role = {
    // Longer than the name of any role, so that no clause is for it.
    name: `nobody, who is not ${[...engine.roles.keys()].join()}`,
    base: engine.stranger,
    fixed: false,
    account: engine.nothingInAccount,
    fixedAccount: false,
    isNamed: true,
    rules: new Map(),
    rulesAbout: new Map(),
  };
  const nothing = {
    held: new Map(),
    account: role.account,
    member: undefined,
    origin: null,
    time: undefined,
    limit: undefined,
  };
  return userHolding({ engine, id: "", role, ...nothing });
}
