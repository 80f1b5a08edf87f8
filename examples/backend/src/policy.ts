import { definePolicy, engage } from "channel-grants";
import { createGrantsSql } from "channel-grants/sql";

const defined = definePolicy({
  ...engage,
  name: "backend",
  actions: {
    ...engage.actions,
    // What this service does beyond the model is a right like any other, and no `if` in a route.
    "connections.remove": { target: "none", allow: { role: "admin" } },
    "audit.view": { target: "none", allow: { role: "admin" } },
  },
});

type Inferred = typeof defined;

/** The type of the policy: a name of its own keeps hovers and messages short. */
export interface Backend extends Inferred {
  readonly approval: NonNullable<Inferred["approval"]>;
}

/** Engage, and two actions of this service. */
export const policy = defined as Backend;

/** The policy as SQL over the tables of `migrations.ts`. */
export const grantsSql = createGrantsSql(policy, {
  dialect: "postgresql",
  groups: { table: "posts" },
  links: { table: "post_connections", group: "post_id" },
});
