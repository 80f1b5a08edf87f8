import type * as z from "zod";
import type { ApprovalEvent } from "../approval/machine/events.js";
import { readEvent } from "../approval/machine/read-event.js";
import { readSubmission } from "../approval/machine/read-submission.js";
import type { Submission } from "../approval/machine/submission.js";
import { actionOf, approvalOf, compiledPolicyOf } from "../core/engine/compiled-policy.js";
import { readMatrix } from "../core/matrix/read-matrix.js";
import { readPolicy } from "../core/policies/define-policy.js";
import type {
  AccountGrantInput,
  ActionOf,
  GrantInput,
  Policy,
  PolicyDefinition,
  TargetKind,
  TargetOf,
  UserRow,
} from "../core/types/index.js";
import { eventShape, submissionShape } from "./approval-shapes.js";
import { copyAccount, copyGrant, copySingleUser, copyTarget, copyUser } from "./checked-copy.js";
import {
  accountGrantShape,
  definitionShape,
  grantShape,
  matrixRowsShape,
  matrixShape,
  singleUserShape,
  targetShape,
} from "./json-schema.js";
import { type MatrixData, readRows } from "./matrix-rows.js";
import { schemaOf } from "./zod-schema.js";

/**
 * A policy definition whose names are known only at run time.
 *
 * @example
 * ```ts
 * import { definePolicy } from "channel-grants";
 * import { type AnyDefinition, policySchema } from "channel-grants/schema";
 *
 * const definition: AnyDefinition = policySchema.parse({
 *   name: "notes",
 *   levels: ["none", "all"],
 *   areas: { notes: { levels: ["none", "all"] } },
 *   roles: { author: {} },
 *   actions: { write: { target: "connection", allow: { area: "notes", level: "all" } } },
 * });
 * definePolicy(definition).name; // "notes"
 * ```
 */
export type AnyDefinition = PolicyDefinition<
  string,
  string,
  Record<string, string>,
  Record<string, TargetKind>,
  string,
  string,
  Record<string, "account">
>;

/**
 * Makes the schema of a grant under a policy: what one user holds on one connection.
 *
 * The schema and `createUser` accept the same input, because both use the same reader. Each fault is an issue with its
 * path and a message that says what is expected; `params.code` is the code that a `PolicyError` would have.
 *
 * @returns a schema for any input, which returns a typed copy. `z.toJSONSchema` states the levels and the flags.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { grantSchema } from "channel-grants/schema";
 *
 * const result = grantSchema(engage).safeParse({ publish: "needs-approval", approver: true, analytic: "full-access" });
 * result.error?.issues.map(({ path }) => path); // [["approver"], ["analytic"]]
 * result.error?.issues[0]?.message; // "approver does not go with publish \"needs-approval\"; expected \"view-only\" or \"full-access\""
 * ```
 */
export function grantSchema<P extends Policy>(policy: P): z.ZodType<GrantInput<P>> {
  const engine = compiledPolicyOf(policy);
  return schemaOf("invalid-grant", grantShape(policy), (source, place) =>
    copyGrant<P>(engine, undefined, source, place),
  );
}

/**
 * Makes the schema of what one user holds in the account as a whole, under a policy with areas of the account.
 *
 * @returns a schema for any input, which returns a typed copy, for `assignAccount`.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import { definePolicy } from "channel-grants";
 * import { accountGrantSchema } from "channel-grants/schema";
 *
 * const agency = definePolicy({
 *   name: "agency",
 *   levels: ["none", "manage"],
 *   areas: { billing: { levels: ["none", "manage"], of: "account" } },
 *   roles: { member: {} },
 *   actions: { "billing.pay": { target: "none", allow: { area: "billing", level: "manage" } } },
 * });
 * accountGrantSchema(agency).parse({ billing: "manage" }); // { billing: "manage" }
 * accountGrantSchema(agency).safeParse({ billing: "all" }).error?.issues[0]?.path; // ["billing"]
 * ```
 */
export function accountGrantSchema<P extends Policy>(policy: P): z.ZodType<AccountGrantInput<P>> {
  const engine = compiledPolicyOf(policy);
  return schemaOf("invalid-grant", accountGrantShape(policy), (source, place) =>
    copyAccount<P>(engine, undefined, source, place),
  );
}

/**
 * Makes the schema of a user under a policy: what `createUser` takes, in any of its forms, or the JSON of a `User`.
 *
 * @returns a schema for any input, which returns a copy with the grants by connection. Its JSON Schema describes that
 * form.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import { can, createUser, engage } from "channel-grants";
 * import { userSchema } from "channel-grants/schema";
 *
 * const row: unknown = JSON.parse('{ "id": "ana", "role": "viewer", "grants": { "fb": { "publish": "full-access" } } }');
 * const ana = createUser(engage, userSchema(engage).parse(row));
 * can(ana, "publish.post-now", { connections: ["fb"] }); // true
 * ```
 */
export function userSchema<P extends Policy>(policy: P): z.ZodType<UserRow<P>> {
  const engine = compiledPolicyOf(policy);
  return schemaOf("invalid-user", singleUserShape(policy), (source, place) => copySingleUser<P>(engine, source, place));
}

/**
 * Makes the schema of an account under a policy: what `createMatrix` takes.
 *
 * @returns a schema for any input, which returns a copy.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { matrixSchema } from "channel-grants/schema";
 *
 * const account = matrixSchema(engage).parse({ users: [{ id: "ana", role: "admin" }], connections: ["fb"] });
 * createMatrix(engage, account).connectionsFor("ana", "connections.reconnect"); // ["fb"]
 * matrixSchema(engage).safeParse({ users: [{ id: "ana", role: "boss" }] }).error?.issues[0]?.path; // ["users", 0, "role"]
 * ```
 */
export function matrixSchema<P extends Policy>(policy: P): z.ZodType<MatrixData<P>> {
  const engine = compiledPolicyOf(policy);
  return schemaOf("invalid-matrix", matrixShape(policy), (source, place) => {
    const { users, connections } = readMatrix(source, place, (user, each) => copyUser<P>(engine, user, each));
    return { users, ...(connections && { connections }) };
  });
}

/**
 * Makes the schema of an account as rows of tables: users, connections and grants.
 *
 * A row that repeats another row's key, or names a user or connection that has no row, is an issue at that row.
 *
 * @returns a schema for any input, which returns what `createMatrix` takes.
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { matrixRowsSchema } from "channel-grants/schema";
 *
 * const account = matrixRowsSchema(engage).parse({
 *   users: [{ id: "ana", role: "viewer" }],
 *   connections: [{ id: "fb" }, { id: "ig" }],
 *   grants: [{ user: "ana", connection: "fb", grant: { publish: "full-access", approver: false } }],
 * });
 * createMatrix(engage, account).connectionsFor("ana", "publish.post-now"); // ["fb"]
 * ```
 */
export function matrixRowsSchema<P extends Policy>(policy: P): z.ZodType<MatrixData<P>> {
  const engine = compiledPolicyOf(policy);
  return schemaOf("invalid-matrix", matrixRowsShape(policy), (source, place) => readRows<P>(engine, source, place));
}

/**
 * Makes the schema of an action's target: what `can` takes after the action.
 *
 * Here, a post group is `{ connections }`, with every relation that the action names and no further field, so that a
 * request carries only what is asked about.
 *
 * @returns a schema for any input, which returns a copy: a post group, the id of a connection, or nothing.
 * @throws `PolicyError` `invalid-policy` or `unknown-action`.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { targetSchema } from "channel-grants/schema";
 *
 * targetSchema(engage, "publish.post-now").parse({ connections: ["fb"] }); // { connections: ["fb"] }
 * targetSchema(engage, "publish.post-now").safeParse({ connections: "fb" }).success; // false
 * targetSchema(engage, "conversations.reply").parse("fb"); // "fb"
 * ```
 */
export function targetSchema<P extends Policy, A extends ActionOf<P>>(
  policy: P,
  action: A,
): z.ZodType<TargetOf<P, A>[0]> {
  const definition = actionOf(compiledPolicyOf(policy), action);
  const schema = schemaOf("wrong-target", targetShape(definition), (source, place) =>
    copyTarget(action, definition, source, place),
  );
  return (definition.target === "none" ? schema.optional() : schema) as z.ZodType<TargetOf<P, A>[0]>;
}

/**
 * Makes the schema of a submission under a policy: a post in the approval flow, as your application stored it.
 *
 * It accepts what `transition` accepts: a submission that the flow could have made.
 *
 * @returns a schema for any input, which returns a copy.
 * @throws `PolicyError` `invalid-policy`, also if the policy has no approval flow.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { submissionSchema } from "channel-grants/schema";
 *
 * const stored = { connections: ["fb"], author: "ana", status: "approved", steps: [["ben"]], approvals: [], revision: 0 };
 * submissionSchema(engage).safeParse(stored).error?.issues[0]?.path; // ["approvals"]
 * submissionSchema(engage).safeParse({ ...stored, status: "pending" }).success; // true
 * ```
 */
export function submissionSchema<P extends Policy>(policy: P): z.ZodType<Submission> {
  const approval = approvalOf(compiledPolicyOf(policy));
  return schemaOf("invalid-submission", submissionShape(), (source, place) => readSubmission(approval, source, place));
}

/**
 * Makes the schema of an event under a policy, so that a route reads a request in one line. The signed-in user goes into
 * the event as `by`, after what the request brought.
 *
 * It accepts the events that `transition` accepts. What the flow refuses by an answer, such as too many steps, is a valid
 * event here. Instants are given as ISO strings in UTC.
 *
 * @returns a schema that takes anything and gives a copy.
 * @throws `PolicyError` `invalid-policy`, also if the policy has no approval flow.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { eventSchema } from "channel-grants/schema";
 *
 * const body: unknown = JSON.parse('{ "type": "submit", "steps": [{ "of": ["ben", "cat"], "needs": 2 }] }');
 * const event = eventSchema(engage).parse({ ...(body as object), by: "ana" });
 * event.type; // "submit"
 * eventSchema(engage).safeParse({ type: "auto-release", by: "ana", revision: 0 }).success; // false
 * ```
 */
export function eventSchema<P extends Policy>(policy: P): z.ZodType<ApprovalEvent> {
  approvalOf(compiledPolicyOf(policy));
  return schemaOf("invalid-event", eventShape(), (source, place) => {
    // The reader writes what is left out as undefined, and `transition` refuses that.
    const given = Object.entries(readEvent(source, place)).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given) as unknown as ApprovalEvent;
  });
}

/**
 * Reads a policy definition that is kept as data, such as a JSON file: what `definePolicy` takes.
 *
 * The schema checks all that `definePolicy` checks. Its JSON Schema leaves out what depends on the definition's own
 * names.
 *
 * @example
 * ```ts
 * import { definePolicy } from "channel-grants";
 * import { policySchema } from "channel-grants/schema";
 *
 * const definition = {
 *   name: "blog",
 *   levels: ["none", "write"],
 *   areas: { posts: { levels: ["none", "write"] } },
 *   roles: { author: {} },
 *   actions: { write: { target: "connection", allow: { area: "posts", level: "write" } } },
 * };
 * definePolicy(policySchema.parse(definition)).name; // "blog"
 * policySchema.safeParse({ ...definition, levels: ["none"], extra: 1 }).error?.issues.map(({ path }) => path); // [["extra"], ["areas", "posts", "levels", 1]]
 * ```
 */
export const policySchema: z.ZodType<AnyDefinition> = /* @__PURE__ */ schemaOf(
  "invalid-policy",
  /* @__PURE__ */ definitionShape(),
  (source, place) => readPolicy(source, place) as unknown as AnyDefinition,
);
