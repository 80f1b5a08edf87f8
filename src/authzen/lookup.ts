import { getOrInsert } from "../core/base/get-or-insert.js";
import { showId } from "../core/base/message.js";
import { type CompiledPolicy, checkPolicyOf, ruleFor } from "../core/engine/compiled-policy.js";
import type { Role } from "../core/engine/rule.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import { internalsOf } from "../core/matrix/matrix-internals.js";
import type { User } from "../core/types/index.js";
import { holdingsOf } from "../core/users/holdings.js";
import type { CheckedOptions } from "./read-options.js";
import type { Entity } from "./read-request.js";

/** Why a question has no answer by the policy. It is answered with a no. */
export interface Unknown {
  readonly reason: "unknown-subject" | "unknown-action" | "unknown-resource" | "wrong-resource";
  readonly message: string;
}

/** What an action is asked about: the target of `can`, or why there is none. */
export type Found =
  | { readonly target: unknown; readonly unknown: undefined }
  | { readonly target: undefined; readonly unknown: Unknown };

/** Finds what one request names. Each user and each group is loaded once. */
export interface Lookup {
  userOf(subject: Entity): Promise<User | undefined>;
  targetOf(action: string, resource: Entity): Promise<Found>;
  account(): Promise<GrantMatrix>;
}

/** Makes the look-ups of one request. */
export function lookupFor(options: CheckedOptions, request: Request): Lookup {
  const { engine, types, account, loadUser, loadGroup, loadAccount } = options;
  const users = new Map<string, Promise<User | undefined>>();
  const groups = new Map<string, Promise<object | undefined>>();
  const groupOf = (id: string) => getOrInsert(groups, id, async () => (await loadGroup?.(id, request)) ?? undefined);

  return {
    async userOf({ type, id }) {
      if (type !== types.user) return undefined;
      return getOrInsert(users, id, async () => {
        const user = (await loadUser(id, request)) ?? undefined;
        if (user !== undefined) checkPolicyOf("user", holdingsOf(user).engine, engine);
        return user;
      });
    },

    async targetOf(action, resource) {
      const { type, id } = resource;
      const kind = engine.actions.get(action)?.target;
      if (kind === undefined) return none("unknown-action", `${showId(action)} is no action`);
      const isKnown =
        (type === types.account && id === account) ||
        type === types.connection ||
        (type === types.group && (await groupOf(id)) !== undefined);
      if (!isKnown) return none("unknown-resource", `there is no ${showId(type)} ${showId(id)}`);
      if (type === types.account && kind === "none") return found(undefined);
      if (type === types.connection && kind === "connection") return found(id);
      // As `connectionsFor` does. What users are to a post is known of a stored one only.
      if (type === types.connection && kind === "group" && !asksRelations(engine, action)) {
        return found({ connections: [id] });
      }
      if (type === types.group && kind === "group") return found(await groupOf(id));
      return none("wrong-resource", `${showId(action)} is not asked about a ${showId(type)}`);
    },

    async account() {
      const matrix = await (loadAccount as NonNullable<typeof loadAccount>)(request);
      checkPolicyOf("matrix", internalsOf(matrix).engine, engine);
      return matrix;
    },
  };
}

function found(target: unknown): Found {
  return { target, unknown: undefined };
}

function none(reason: Unknown["reason"], message: string): Found {
  return { target: undefined, unknown: { reason, message } };
}

function asksRelations(engine: CompiledPolicy, action: string): boolean {
  // What an action reads of a post is the same for every role.
  const role = engine.roles.values().next().value as Role;
  return ruleFor({ engine, role }, action).relations.length > 0;
}
