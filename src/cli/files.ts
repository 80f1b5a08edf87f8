import { name, PolicyError, show } from "../core/base/policy-error.js";
import { isRecord } from "../core/base/readers.js";
import { createMatrix, type GrantMatrix } from "../core/matrix/create-matrix.js";
import { buffer } from "../core/models/buffer.js";
import { engage } from "../core/models/engage.js";
import { definePolicy } from "../core/policies/define-policy.js";
import type { Policy } from "../core/types/policy.js";
import { matrixSchema, policySchema } from "../schema/schemas.js";

/** Reads the JSON in a file. */
export type Read = (file: string) => unknown;

/** A mistake in what was typed, or in a file. */
export interface Mistake {
  readonly mistake: string;
}

/** Gives up, saying what to do. */
export function fail(mistake: string): never {
  throw { mistake } satisfies Mistake;
}

export function isMistake(error: unknown): error is Mistake {
  return typeof error === "object" && error !== null && "mistake" in error;
}

const shipped: Readonly<Record<string, { readonly policy: Policy; readonly properties: object }>> = {
  engage: { policy: engage as Policy, properties: {} },
  // Only approval-required asks for approval (B8): a higher level takes that away on purpose.
  buffer: { policy: buffer as Policy, properties: { exceptions: ["drafts.request-approval"] } },
};

/** Gives what to open where a file is named: standard input for `-`. */
export function inputOf(file: string): string | 0 {
  return file === "-" ? 0 : file;
}

/** Reads the JSON in a file, as the machine reads files. */
export function jsonIn(file: string, read: (file: string) => string): unknown {
  const text = attempted(
    () => read(file),
    `${show(file)} cannot be read; expected a file, or engage or buffer for a policy`,
  );
  return attempted(() => JSON.parse(text), `${show(file)} is no JSON; expected an object`) as unknown;
}

function attempted<Value>(make: () => Value, mistake: string): Value {
  try {
    return make();
  } catch {
    return fail(mistake);
  }
}

/** Reads a value with a schema, and says all that is wrong with it, each with its path. */
function readWith<Value>(
  schema: { safeParse(value: unknown): { data?: Value; error?: { readonly issues: readonly Issue[] } | undefined } },
  value: unknown,
  file: string,
): Value {
  const { data, error } = schema.safeParse(value);
  if (!error) return data as Value;
  const lines = error.issues.map(
    ({ path, message }) => `${path.map((key) => name(String(key))).join(" > ") || "the file"}: ${message}`,
  );
  return fail(`${show(file)} is wrong:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Gives a policy that is shipped, or the one that a file defines. */
export function policyIn(given: unknown, read: Read): (typeof shipped)[string] {
  const file = String(given);
  if (Object.hasOwn(shipped, file)) return shipped[file] as (typeof shipped)[string];
  const definition = readWith(policySchema, read(file), file);
  return { policy: definePolicy(definition) as Policy, properties: {} };
}

/** What was read from a file. */
interface Source {
  readonly file: string;
  readonly value: unknown;
}

/** Gives the policy that a file of grants names. */
function policyNamedIn({ file, value }: Source): string {
  const named = isRecord(value) ? value.policy : undefined;
  if (typeof named === "string") return named;
  return fail(`${show(file)} names no policy; expected "policy" in it, or --policy`);
}

/** Reads the grants of files under one policy, so that they can be compared. */
export function accountsIn(
  files: readonly string[],
  given: unknown,
  read: Read,
): { readonly policy: Policy; readonly matrices: readonly GrantMatrix[] } {
  const sources = files.map((file): Source => ({ file, value: read(file) }));
  const named = given ?? policyNamedIn(sources[0] as Source);
  const { policy } = policyIn(named, read);
  const schema = matrixSchema(policy);
  const matrices = sources.map(({ file, value }) => {
    // What names the policy is no part of the account.
    const { policy: its = named, ...account } = Object(value) as { readonly policy?: unknown };
    if (given === undefined && its !== named) {
      fail(`${show(file)} names the policy ${show(its)}; expected ${show(named)}, as the first file, or --policy`);
    }
    return createMatrix(policy, readWith(schema, isRecord(value) ? account : value, file));
  });
  return { policy, matrices };
}

/** Does something with what a file holds, and says of which file it is that something is wrong. */
export function withFile<Value>(file: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return fail(`${show(file)} is wrong:\n  ${error.message}`);
  }
}
