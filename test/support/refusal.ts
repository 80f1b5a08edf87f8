import { PolicyError } from "../../src/index.js";

/** What a call is refused with; any other exception is passed on, and none at all is a failure. */
export function refusal(call: () => unknown): Pick<PolicyError, "code" | "message" | "path"> {
  try {
    call();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const { code, message, path } = error;
    return { code, message, ...(path && { path }) };
  }
  throw new Error("nothing was refused");
}
