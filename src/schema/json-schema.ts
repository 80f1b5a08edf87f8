import { instantPattern } from "../core/base/instant.js";
import { ownValue } from "../core/base/readers.js";
import { compiledPolicyOf } from "../core/engine/compiled-policy.js";
import { type AnyAction, relationsOf } from "../core/engine/rule.js";
import { approverKinds, approverLimits, rights } from "../core/policies/read-approval.js";
import { requirements, targetKinds } from "../core/policies/read-clause.js";
import type { Policy } from "../core/types/index.js";

/** A JSON Schema: the part of the language that all its drafts and OpenAPI 3.0 read alike. */
export interface Shape {
  readonly [keyword: string]: unknown;
}

/** Returns the shape of a grant: the levels of each area, and the levels that each flag may stand beside. */
export function grantShape(policy: Policy): Shape {
  return heldShape(policy, false, "on one connection");
}

/** Returns the shape of what is held in the account as a whole. */
export function accountGrantShape(policy: Policy): Shape {
  return heldShape(policy, true, "in the account as a whole");
}

function heldShape({ name, levels, areas }: Policy, ofAccount: boolean, where: string): Shape {
  const properties: [string, Shape][] = [];
  const conditions: Shape[] = [];
  for (const [area, definition] of Object.entries(areas)) {
    if ((ownValue(definition, "of") === "account") !== ofAccount) continue;
    properties.push([area, { ...enumShape(definition.levels), description: `The level in ${area}.` }]);
    for (const [flag, beside] of Object.entries(ownValue(definition, "flags") ?? {}) as [string, readonly string[]][]) {
      const where = beside.length > 0 ? `goes with ${area} at ${beside.join(" or ")}` : "goes with no level";
      properties.push([flag, { type: "boolean", description: `A right beside ${area}: ${where}.` }]);
      const off = keyIsOneOf(flag, [false]);
      conditions.push(beside.length > 0 ? { anyOf: [off, { ...keyIsOneOf(area, beside), required: [area] }] } : off);
    }
  }
  properties.push(["until", instantShape("From then on the grant is not there.")]);
  return {
    ...objectShape(properties, []),
    ...(conditions.length > 0 && { allOf: conditions }),
    description: `What one user holds ${where} (${name}): an area left out is at ${levels[0]}, a flag left out is off.`,
  };
}

/** Returns the shape of a user. If the user's role holds the same everywhere, there are no grants. */
export function userShape(policy: Policy): Shape {
  const { name, roles } = policy;
  return {
    ...objectShape(
      [
        ["id", stringShape("The user.")],
        ["role", { ...enumShape(Object.keys(roles)), description: "The user's role in the account." }],
        ["grants", { type: "object", additionalProperties: grantShape(policy), description: "Grants by connection." }],
        ["connections", arrayShape(stringShape("A connection."), "Further connections that the user knows.")],
        ...accountColumn(policy),
      ],
      ["id", "role"],
    ),
    ...allOf([...roleTakes(policy, "grants", "fixed"), ...roleTakes(policy, "account", "fixedAccount")]),
    description: `A user and what it was granted (${name}).`,
  };
}

/** Returns the shape of a user on its own, who may be limited. */
export function singleUserShape(policy: Policy): Shape {
  const shape = userShape(policy);
  const grant = grantShape(policy);
  const grants = { anyOf: [grant, { type: "object", additionalProperties: grant }] };
  const cap = objectShape([["grants", grants], ...accountColumn(policy), ["role", enumShape(["keep"])]], []);
  const limit = { ...cap, description: "What the user is limited to." };
  return { ...shape, properties: { ...(shape.properties as object), limit } };
}

/** Gives what a user holds in the account, if the policy has areas of the account. */
function accountColumn(policy: Policy): [string, Shape][] {
  return compiledPolicyOf(policy).accountKeys.length > 0 ? [["account", accountGrantShape(policy)]] : [];
}

/** Gives the condition that a role which holds the same for everybody has nothing under a key; none if no role does. */
function roleTakes(policy: Policy, key: string, isFixed: "fixed" | "fixedAccount"): readonly Shape[] {
  const roles = [...compiledPolicyOf(policy).roles.values()];
  const granted = roles.filter((role) => !role[isFixed]).map(({ name }) => name);
  const none: Shape = { type: "object", properties: { [key]: { type: "object", maxProperties: 0 } } };
  if (granted.length === roles.length) return [];
  return [granted.length > 0 ? { anyOf: [keyIsOneOf("role", granted), none] } : none];
}

function allOf(conditions: readonly Shape[]): Shape {
  const [one, ...more] = conditions;
  if (!one) return {};
  return more.length === 0 && Object.hasOwn(one, "anyOf") ? one : { allOf: conditions };
}

/** Returns the shape of an account. */
export function matrixShape(policy: Policy): Shape {
  const properties: [string, Shape][] = [
    ["users", arrayShape(userShape(policy), "The users, each id once.")],
    ["connections", arrayShape(stringShape("A connection."), "The connections of the account.")],
  ];
  return {
    ...objectShape(properties, ["users"]),
    description: `The users and connections of an account (${policy.name}).`,
  };
}

/** Returns the shape of an account as rows of tables. */
export function matrixRowsShape(policy: Policy): Shape {
  const row = (columns: [string, Shape][]) =>
    objectShape(
      columns,
      columns.map(([column]) => column),
    );
  const id = stringShape("The key.");
  const role: Shape = { ...enumShape(Object.keys(policy.roles)), description: "The user's role in the account." };
  const grant: [string, Shape][] = [
    ["user", stringShape("The id of a row of users.")],
    ["connection", stringShape("The id of a row of connections.")],
    ["grant", grantShape(policy)],
  ];
  return {
    ...row([
      [
        "users",
        arrayShape(
          {
            ...objectShape([["id", id], ["role", role], ...accountColumn(policy)], ["id", "role"]),
            ...allOf(roleTakes(policy, "account", "fixedAccount")),
          },
          "The users, each id once.",
        ),
      ],
      ["connections", arrayShape(row([["id", id]]), "The connections, each id once.")],
      ["grants", arrayShape(row(grant), "The grants, each pair of user and connection once.")],
    ]),
    description: `The users, connections and grants of an account, as rows of tables (${policy.name}).`,
  };
}

/** Returns the shape of the target of an action: a post carries who is in each relation that the action names. */
export function targetShape(action: AnyAction): Shape {
  const { target: kind } = action;
  if (kind === "none") return { not: {}, description: "No target: the action is asked of the account as a whole." };
  if (kind === "connection") return stringShape("The id of a connection.");
  const connections = arrayShape(stringShape("The id of a connection."), "The connections that one message goes to.");
  const ids = arrayShape(stringShape("The id of a user."), "The ids of users.");
  const users: Shape = { anyOf: [stringShape("The id of a user."), ids, { enum: [null], description: "Nobody." }] };
  const related = relationsOf(action).map((relation): [string, Shape] => [
    relation,
    { ...users, description: `Who is in the relation ${relation} to the post.` },
  ]);
  const properties: [string, Shape][] = [["connections", connections], ...related];
  return {
    ...objectShape(
      properties,
      properties.map(([key]) => key),
    ),
    description: "A post group.",
  };
}

/** Returns the shape of a definition, except for what depends on the names in it. */
export function definitionShape(): Shape {
  const name = stringShape("A name.");
  const names = (description: string): Shape => ({ ...arrayShape(name, description), uniqueItems: true });
  const oneOrMore = (item: Shape): Shape => ({ anyOf: [item, { type: "array", items: item, minItems: 1 }] });
  const mapShape = (additionalProperties: Shape, description: string): Shape => ({
    type: "object",
    additionalProperties,
    description,
  });
  const area = objectShape(
    [
      ["levels", { ...names("The area's levels, lowest first."), minItems: 1 }],
      ["flags", mapShape(names("The levels that the flag may stand beside."), "Flags, by name.")],
      ["noAccessCountsAs", stringShape("What no access counts as beside an accessible connection.")],
      [
        "of",
        { ...enumShape(["account"]), description: "Held once for the whole account, and not on each connection." },
      ],
    ],
    ["levels"],
  );
  const holds: Shape = { type: "object", additionalProperties: { anyOf: [name, { type: "boolean" }] } };
  const states: Shape = {
    ...objectShape(
      [
        ["level", name],
        ["exactly", name],
        ["flags", { ...names("Every one of these flags."), minItems: 1 }],
      ],
      [],
    ),
    minProperties: 1,
  };
  const pattern = oneOrMore({ anyOf: [name, states] });
  const who = ["role", "is", "isNot"].map((key): [string, Shape] => [key, oneOrMore(name)]);
  const asked = ["area", ...requirements].map((key): [string, Shape] => [
    key,
    key === "some" || key === "every" ? pattern : name,
  ]);
  const parts = { type: "array", items: { ...objectShape(asked, ["area"]), minProperties: 2 }, minItems: 2 };
  const clause: Shape = {
    anyOf: [
      { ...objectShape([...who, ...asked], []), minProperties: 1 },
      objectShape([...who, ["and", parts]], ["and"]),
    ],
  };
  const action = objectShape(
    [
      ["target", enumShape([...targetKinds])],
      ["allow", oneOrMore(clause)],
    ],
    ["target", "allow"],
  );
  const approval = objectShape(
    [
      ...rights.map((right): [string, Shape] => [right, right === "approve" ? oneOrMore(name) : name]),
      ["approvers", enumShape([...approverKinds])],
      ["steps", { type: "integer", minimum: 1 }],
      ...["authorMayApprove", ...approverLimits].map((key): [string, Shape] => [key, { type: "boolean" }]),
    ],
    [...rights, "approvers", "steps", "authorMayApprove"],
  );
  return {
    ...objectShape(
      [
        ["name", name],
        ["levels", { ...names("Every level, lowest first; the lowest means no access."), minItems: 1 }],
        ["areas", mapShape(area, "Areas, by name.")],
        ["roles", mapShape(objectShape([["holds", holds]], []), "Roles, by name.")],
        ["relations", names("What users can be to a post, such as its author.")],
        ["actions", mapShape(action, "Actions, by name.")],
        ["approval", approval],
        ["$schema", stringShape("Where editors find this schema; no part of the policy.")],
      ],
      ["name", "levels", "areas", "roles", "actions"],
    ),
    description: "A permission model; definePolicy says what else must hold.",
  };
}

export function objectShape(properties: readonly (readonly [string, Shape])[], required: readonly string[]): Shape {
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function keyIsOneOf(key: string, values: readonly unknown[]): Shape {
  return { type: "object", properties: Object.fromEntries([[key, { enum: values }]]) };
}

export function enumShape(names: readonly string[]): Shape {
  return names.length > 0 ? { type: "string", enum: names } : { not: {} };
}

export function arrayShape(items: Shape, description: string): Shape {
  return { type: "array", items, description };
}

export function stringShape(description: string): Shape {
  return { type: "string", description };
}

export function instantShape(description: string): Shape {
  return { ...stringShape(`${description} An ISO string with its zone.`), pattern: instantPattern.source };
}
