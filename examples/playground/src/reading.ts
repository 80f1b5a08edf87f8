import { createMatrix, definePolicy, type GrantMatrix, type Policy } from "channel-grants";
import { matrixRowsSchema, matrixSchema, policySchema } from "channel-grants/schema";
import * as z from "zod";

/** What is wrong with a text, and where in it. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** How many faults are shown of one text; the rest is counted. */
const mostFaults = 100;

export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads a policy from its definition as JSON. */
export function readPolicy(text: string): Reading<Policy> {
  const read = readText(text, policySchema);
  return read.ok ? { ok: true, value: definePolicy(read.value) } : read;
}

/** Reads an account from JSON, at an instant: as `createMatrix` takes it, or as rows of tables. */
export function readAccount(policy: Policy, text: string, now: string): Reading<GrantMatrix> {
  const parsed = readText(text, z.unknown());
  if (!parsed.ok) return parsed;
  const inRows = typeof parsed.value === "object" && parsed.value !== null && "grants" in parsed.value;
  const read = readValue(parsed.value, inRows ? matrixRowsSchema(policy) : matrixSchema(policy));
  return read.ok ? { ok: true, value: createMatrix(policy, read.value, { at: now }) } : read;
}

export function readText<Value>(text: string, schema: z.ZodType<Value>): Reading<Value> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, faults: [{ path: "", message: `This is not JSON: ${(error as Error).message}` }] };
  }
  return readValue(value, schema);
}

export function readValue<Value>(value: unknown, schema: z.ZodType<Value>): Reading<Value> {
  const { success, data, error } = schema.safeParse(value);
  if (success) return { ok: true, value: data };
  const shown = error.issues.slice(0, mostFaults);
  const faults = shown.map(({ path, message }) => ({ path: z.core.toDotPath(path), message }));
  const more = error.issues.length - shown.length;
  return {
    ok: false,
    faults: more > 0 ? [...faults, { path: "", message: `There are ${more} more faults.` }] : faults,
  };
}
