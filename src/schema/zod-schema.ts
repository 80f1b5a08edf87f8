import * as z from "zod";
import { at, type Place, readOrSkip } from "../core/base/faults.js";
import { freeze } from "../core/base/freeze.js";
import type { PolicyErrorCode } from "../core/base/policy-error.js";
import { collectFaults } from "./collected-faults.js";
import type { Shape } from "./json-schema.js";

interface Reader {
  readonly shape: Shape;
  readonly code: PolicyErrorCode;
  readonly read: (source: unknown, place: Place) => unknown;
}

/**
 * A zod schema that accepts anything and leaves it to a reader. It carries its JSON Schema itself, because metadata would
 * stay in the registry of one copy of zod.
 */
const Read: z.core.$constructor<z.ZodUnknown, z.core.$ZodUnknownDef & Reader> = /* @__PURE__ */ z.core.$constructor(
  "ChannelGrantsSchema",
  (schema, definition) => {
    const { shape, code, read } = definition;
    z.ZodUnknown.init(schema, definition);
    schema._zod.processJSONSchema = (_, json) => Object.assign(json, shape);
    // Zod before 4.2 calls this instead. For a copy it is undefined, so that every zod goes on to the original.
    schema._zod.toJSONSchema = () => (schema._zod.parent ? undefined : { ...shape });
    schema._zod.parse = (payload, context) => {
      // Zod passes one context to all schemas of a `parse`: a list of a thousand users has the room of one user.
      const faults = collectFaults(context);
      const place = { ...at(code), faults };
      const input = payload.value;
      payload.value = readOrSkip(place, () => read(input, place));
      const { listed, count } = faults;
      const more = count - listed.length;
      const problem = `and ${more.toLocaleString("en")} more fault${more > 1 ? "s" : ""}`;
      for (const fault of more > 0 ? [...listed, { code, problem, path: [] }] : listed) {
        const params = { code: fault.code };
        payload.issues.push({ code: "custom", message: fault.problem, path: [...fault.path], params, input });
      }
      return payload;
    };
  },
);

/** Makes a zod schema from a reader. The first hundred faults become issues, and one more issue counts the rest. */
export function schemaOf<Output>(
  code: PolicyErrorCode,
  shape: Shape,
  read: (source: unknown, place: Place) => Output,
): z.ZodType<Output> {
  const schema = new Read({ type: "unknown", shape: freeze(shape), code, read });
  return schema.describe(shape.description as string) as unknown as z.ZodType<Output>;
}
