import type { Policy } from "../../src/index.js";
import { define } from "./arbitraries.js";
import type { Definition } from "./reference-model.js";

/** A copy of a definition, with a mistake in it. */
export function mistaken(definition: Definition, mistake: (copy: Definition) => void): Policy {
  const copy: Definition = JSON.parse(JSON.stringify(definition));
  mistake(copy);
  return define(copy);
}
