import type { EventType } from "../approval/machine/events.js";
import { eventTypes, flow } from "../approval/machine/flow.js";
import { statuses } from "../approval/machine/submission.js";
import { arrayShape, enumShape, instantShape, objectShape, type Shape, stringShape } from "./json-schema.js";

/** Returns the shape of a submission. */
export function submissionShape(): Shape {
  const approval = objectShape(
    [
      ["by", userShape()],
      ["for", stringShape("The user for whom it was given.")],
    ],
    ["by"],
  );
  const properties: [string, Shape][] = [
    ["connections", { ...arrayShape(stringShape("The id of a connection."), "Where the post goes to."), minItems: 1 }],
    ["author", userShape()],
    ["status", enumShape([...statuses])],
    ["steps", arrayShape(stepShape({ minItems: 1 }), "Who is asked, in order.")],
    ["approvals", arrayShape(approval, "As many as each step needs, step by step.")],
    ["revision", revisionShape()],
  ];
  const further: [string, Shape][] = [
    ["expires", instantShape("From then on the post is neither approved nor released.")],
    ["editors", { ...arrayShape(userShape(), "Who edited, and so may not approve."), minItems: 1, uniqueItems: true }],
  ];
  return {
    ...objectShape(
      [...properties, ...further],
      properties.map(([key]) => key),
    ),
    description: "A post in the approval flow; whether it could have been made there is not stated.",
  };
}

/** Returns the shape of an event: each type has its own fields. */
export function eventShape(): Shape {
  const shapes: Readonly<Record<string, Shape>> = {
    by: stringShape("The id of the user who wants it."),
    steps: arrayShape(stepShape({}), "Who is asked, in order."),
    connections: arrayShape(stringShape("The id of a connection."), "Where the post goes to from now on."),
    revision: revisionShape(),
    expires: instantShape("From then on the post is neither approved nor released."),
    at: instantShape("When it happens."),
  };
  const optional = ["connections", "expires", "at"];
  const ofType = (type: EventType): Shape => {
    const fields = [...flow[type].fields, "at"];
    return objectShape(
      [["type", enumShape([type])], ...fields.map((field): [string, Shape] => [field, shapes[field] as Shape])],
      ["type", ...fields.filter((field) => !optional.includes(field))],
    );
  };
  return { anyOf: eventTypes.map(ofType), description: "What shall happen to a post in the approval flow." };
}

function stepShape(size: Shape): Shape {
  const needs: Shape = { type: "integer", minimum: 1, description: "How many of them have to approve." };
  const named = objectShape(
    [
      ["of", { ...arrayShape(userShape(), "Who is asked."), ...size }],
      ["needs", needs],
    ],
    ["of"],
  );
  return { anyOf: [{ ...arrayShape(userShape(), "Any one of them will do."), ...size }, named] };
}

function userShape(): Shape {
  return stringShape("The id of a user.");
}

function revisionShape(): Shape {
  return { type: "integer", minimum: 0, description: "Raised by every edit." };
}
