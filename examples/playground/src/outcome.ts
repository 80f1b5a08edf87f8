import { PolicyError } from "channel-grants";

/** What was worked out, or why it could not be. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string };

/** Works something out, of a policy that anybody may have pasted: what is refused of it is said, and the page stands. */
export function outcomeOf<Value>(work: () => Value): Outcome<Value> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof PolicyError) return { ok: false, message: error.message };
    throw error;
  }
}
