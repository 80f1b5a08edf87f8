import * as z from "zod";
import { attempt, type Fault, type Place } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import type { PolicyErrorCode } from "../core/base/policy-error.js";
import type { Shape } from "./json-schema.js";

/** Zod's schema of anything, with a JSON Schema that stays with it: metadata would be left behind with its registry. */
const Read: z.core.$constructor<z.ZodUnknown, z.core.$ZodUnknownDef & { readonly shape: Shape }> =
  /* @__PURE__ */ z.core.$constructor("ChannelGrantsSchema", (schema, definition) => {
    z.ZodUnknown.init(schema, definition);
    schema._zod.processJSONSchema = (_, json) => Object.assign(json, definition.shape);
    // An application's own zod before 4.2 asks for this instead. A copy leads it, and each later one, to what it is a copy of.
    schema._zod.toJSONSchema = () => (schema._zod.parent ? undefined : { ...definition.shape });
  });

/** Makes a schema of a reader: the faults that it reports are the issues. */
export function schemaOf<Output>(
  code: PolicyErrorCode,
  shape: Shape,
  read: (source: unknown, place: Place) => Output,
): z.ZodType<Output> {
  const schema = new Read({ type: "unknown", shape: freeze(shape) }).check((payload) => {
    const input = payload.value;
    const faults: Fault[] = [];
    const place: Place = { code, path: [], faults };
    payload.value = attempt(place, () => read(input, place));
    for (const { problem: message, path, code } of faults) {
      payload.issues.push({ code: "custom", message, path: [...path], params: { code }, input });
    }
  });
  return schema.describe(shape.description as string) as unknown as z.ZodType<Output>;
}
