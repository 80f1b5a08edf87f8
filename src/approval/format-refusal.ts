import { at, below } from "../core/base/faults.js";
import { readRecord, readString } from "../core/base/readers.js";
import { readDecision } from "../core/decisions/read-decision.js";
import { type Words, writerOf } from "../core/decisions/words.js";
import type { Refusal } from "./machine/refusal.js";

/**
 * Puts a refusal of the flow into plain sentences, in the words of an application.
 *
 * It reads the refusal alone, so one that came as JSON will do.
 *
 * @param words what `createWords` of `channel-grants/words` returns.
 * @throws `PolicyError` `invalid-decision` or `invalid-words`.
 *
 * @example
 * ```ts
 * import { createMatrix, engage } from "channel-grants";
 * import { draft, formatRefusal, transition } from "channel-grants/approval";
 * import { createWords, english } from "channel-grants/words";
 *
 * const grants = { fb: { publish: "full-access", approver: true } } as const;
 * const account = createMatrix(engage, { users: [{ id: "ana", role: "viewer", grants }] });
 * const post = draft(account, { author: "ana", connections: ["fb"] });
 * const result = post.ok && transition(account, post.submission, { type: "submit", by: "ana", steps: [["ana"]] });
 * const words = createWords(engage, { language: english, reader: "ana" });
 * result && !result.ok && formatRefusal(result, words); // "You can't approve your own post."
 * ```
 */
export function formatRefusal(refusal: Refusal, words: Words): string {
  const place = at("invalid-decision");
  const fields = readRecord(refusal, place, undefined, "a refusal");
  const id = (key: string) => (fields.has(key) ? readString(fields.get(key), below(place, key)) : undefined);
  const decision = fields.has("decision") ? readDecision(fields.get("decision")) : undefined;
  return writerOf(words).refusal({ reason: fields.get("reason"), user: id("user"), asked: id("for"), decision });
}
