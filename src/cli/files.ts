import { showId, showValue } from "../core/base/message.js";
import { PolicyError } from "../core/base/policy-error.js";
import { isRecord, ownValue } from "../core/base/readers.js";
import { createMatrix } from "../core/matrix/create-matrix.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import { buffer } from "../core/models/buffer.js";
import { engage } from "../core/models/engage.js";
import { definePolicy } from "../core/policies/define-policy.js";
import type { Policy } from "../core/types/index.js";
import { matrixSchema, policySchema } from "../schema/schemas.js";
import { fail, isMistake } from "./mistake.js";
import { parseJson } from "./parse-json.js";

/** Reads files as text. */
export interface Reader {
  /** Reads a file that was named on the command line. */
  read(file: string): string;
  /** Reads a file that a file names, from the folder of that one. */
  readBeside(file: string, named: string): string;
}

const shipped: Readonly<Record<string, { readonly policy: Policy; readonly properties: object }>> = {
  engage: { policy: engage as Policy, properties: {} },
  // Only approval-required asks for approval (B8): a higher level takes that away on purpose.
  buffer: { policy: buffer as Policy, properties: { exceptions: ["drafts.request-approval"] } },
};

/** Reads the JSON in a file that was named on the command line. */
export function jsonIn(file: string, reader: Reader): unknown {
  return parseJson(
    readable(() => reader.read(file), file),
    file,
  );
}

function readable(read: () => string, file: string): string {
  try {
    return read();
  } catch (error) {
    if (isMistake(error)) throw error;
    return fail(`${showValue(file)} cannot be read; expected a file, or engage or buffer for a policy`);
  }
}

/** Reads a value with a schema, and says all that is wrong with it, each with its path. */
function readWith<Value>(
  schema: { safeParse(value: unknown): { data?: Value; error?: { readonly issues: readonly Issue[] } | undefined } },
  value: unknown,
  file: string,
): Value {
  const result = schema.safeParse(value);
  const error = ownValue(result, "error");
  if (!error) return result.data as Value;
  const lines = error.issues.map(
    ({ path, message }) => `${path.map((key) => showId(String(key))).join(" > ") || "the file"}: ${message}`,
  );
  return fail(`${showValue(file)} is wrong:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Known = (typeof shipped)[string];

/** Gives a policy that is shipped, or the one that a file defines, which was named on the command line. */
export function policyIn(given: unknown, reader: Reader): Known {
  const file = String(given);
  return shippedAs(file) ?? defined(jsonIn(file, reader), file);
}

function shippedAs(named: string): Known | undefined {
  return Object.hasOwn(shipped, named) ? shipped[named] : undefined;
}

function defined(definition: unknown, file: string): Known {
  return { policy: definePolicy(readWith(policySchema, definition, file)) as Policy, properties: {} };
}

/** The content of a file. */
interface Source {
  readonly file: string;
  readonly value: unknown;
}

/** Returns the policy that a file of grants names, or the text of its definition, which lies next to that file. */
function policyNamedIn(
  { file, value }: Source,
  reader: Reader,
): { readonly named: string; readonly text: string | undefined } {
  const named = isRecord(value) ? ownValue(value, "policy") : undefined;
  if (typeof named !== "string")
    return fail(`${showValue(file)} names no policy; expected "policy" in it, or --policy`);
  if (shippedAs(named)) return { named, text: undefined };
  return { named, text: readable(() => reader.readBeside(file, named), named) };
}

/** Gives the one policy of all files. */
function policyNamedInAll([first, ...others]: readonly [Source, ...Source[]], reader: Reader): Policy {
  const { named, text } = policyNamedIn(first, reader);
  for (const source of others) {
    if (!isRecord(source.value) || ownValue(source.value, "policy") === undefined) continue;
    const other = policyNamedIn(source, reader);
    if (text === undefined ? other.named !== named : other.text !== text) {
      fail(
        `${showValue(source.file)} names the policy ${showValue(other.named)}; expected ${showValue(named)}, as the first file, or --policy`,
      );
    }
  }
  return (text === undefined ? (shippedAs(named) as Known) : defined(parseJson(text, named), named)).policy;
}

/** Reads the grants of files under one policy, so that they can be compared: at an instant, or now. */
export function accountsIn(
  files: readonly string[],
  given: unknown,
  reader: Reader,
  at: unknown,
): { readonly policy: Policy; readonly matrices: readonly GrantMatrix[] } {
  const sources = files.map((file): Source => ({ file, value: jsonIn(file, reader) }));
  const policy =
    given === undefined
      ? policyNamedInAll(sources as unknown as readonly [Source, ...Source[]], reader)
      : policyIn(given, reader).policy;
  const schema = matrixSchema(policy);
  const now = { at: (at ?? new Date()) as string };
  const matrices = sources.map(({ file, value }) => {
    // What names the policy is no part of the account.
    const { policy: _, ...account } = Object(value) as { readonly policy?: unknown };
    return createMatrix(policy, readWith(schema, isRecord(value) ? account : value, file), now);
  });
  return { policy, matrices };
}

/** Works with the contents of a file. A fault in them names the file. */
export function withFile<Value>(file: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return fail(`${showValue(file)} is wrong:\n  ${error.message}`);
  }
}
