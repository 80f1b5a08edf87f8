import { ownValue } from "../core/base/readers.js";
import { approverKinds, approverLimits, rights } from "../core/policies/read-approval.js";
import { requirements, targetKinds } from "../core/policies/read-clause.js";
import type { Policy, TargetKind } from "../core/types/index.js";

/** A JSON Schema: the part of the language that all its drafts and OpenAPI 3.0 read alike. */
export interface Shape {
  readonly [keyword: string]: unknown;
}

/** Returns the shape of a grant: the levels of each area, and the levels that each flag may stand beside. */
export function grantShape({ name, levels, areas }: Policy): Shape {
  const properties: [string, Shape][] = [];
  const conditions: Shape[] = [];
  for (const [area, definition] of Object.entries(areas)) {
    properties.push([area, { ...enumShape(definition.levels), description: `The level in ${area}.` }]);
    for (const [flag, beside] of Object.entries(ownValue(definition, "flags") ?? {}) as [string, readonly string[]][]) {
      const where = beside.length > 0 ? `goes with ${area} at ${beside.join(" or ")}` : "goes with no level";
      properties.push([flag, { type: "boolean", description: `A right beside ${area}: ${where}.` }]);
      const off = keyIsOneOf(flag, [false]);
      conditions.push(beside.length > 0 ? { anyOf: [off, { ...keyIsOneOf(area, beside), required: [area] }] } : off);
    }
  }
  return {
    ...objectShape(properties, []),
    ...(conditions.length > 0 && { allOf: conditions }),
    description: `What one user holds on one connection (${name}): an area left out is at ${levels[0]}, a flag left out is off.`,
  };
}

/** Returns the shape of a user. If the user's role holds the same everywhere, there are no grants. */
export function userShape(policy: Policy): Shape {
  const { name, roles } = policy;
  const granted = Object.entries(roles).flatMap(([name, role]) =>
    ownValue(role, "holds") === undefined ? [name] : [],
  );
  const none: Shape = { type: "object", properties: { grants: { type: "object", maxProperties: 0 } } };
  const condition = granted.length > 0 ? { anyOf: [keyIsOneOf("role", granted), none] } : { allOf: [none] };
  return {
    ...objectShape(
      [
        ["id", stringShape("The user.")],
        ["role", { ...enumShape(Object.keys(roles)), description: "The user's role in the account." }],
        ["grants", { type: "object", additionalProperties: grantShape(policy), description: "Grants by connection." }],
        ["connections", arrayShape(stringShape("A connection."), "Further connections that the user knows.")],
      ],
      ["id", "role"],
    ),
    ...(granted.length < Object.keys(roles).length && condition),
    description: `A user and what it was granted (${name}).`,
  };
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
          row([
            ["id", id],
            ["role", role],
          ]),
          "The users, each id once.",
        ),
      ],
      ["connections", arrayShape(row([["id", id]]), "The connections, each id once.")],
      ["grants", arrayShape(row(grant), "The grants, each pair of user and connection once.")],
    ]),
    description: `The users, connections and grants of an account, as rows of tables (${policy.name}).`,
  };
}

/** Returns the shape of a target. */
export function targetShape(kind: TargetKind): Shape {
  if (kind === "none") return { not: {}, description: "No target: the action is asked of the account as a whole." };
  if (kind === "connection") return stringShape("The id of a connection.");
  const connections = arrayShape(stringShape("The id of a connection."), "The connections that one message goes to.");
  return { ...objectShape([["connections", connections]], ["connections"]), description: "A post group." };
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
    ],
    ["levels"],
  );
  const holds: Shape = { type: "object", additionalProperties: { anyOf: [name, { type: "boolean" }] } };
  const clause = objectShape(
    [["role", oneOrMore(name)], ...["area", ...requirements].map((key): [string, Shape] => [key, name])],
    [],
  );
  const action = objectShape(
    [
      ["target", enumShape([...targetKinds])],
      ["allow", oneOrMore({ ...clause, minProperties: 1 })],
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
        ["areas", { ...mapShape(area, "Areas, by name."), minProperties: 1 }],
        ["roles", mapShape(objectShape([["holds", holds]], []), "Roles, by name.")],
        ["actions", mapShape(action, "Actions, by name.")],
        ["approval", approval],
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
