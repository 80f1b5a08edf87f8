import { write } from "./text.js";

/** Writes a definition as a file of TypeScript, with a short name for the type of its policy. */
export function typescriptOf(definition: { readonly name: string }): string {
  const { $schema: _, ...rest } = definition as typeof definition & { readonly $schema?: unknown };
  const name = identifierOf(definition.name);
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  return `import { definePolicy } from "channel-grants";

const defined = definePolicy(${asLiteral(write(rest))});

type Inferred = typeof defined;
export interface ${type} extends Inferred {}
export const ${name}: ${type} = defined;
`;
}

/** Makes an identifier of a policy's name: `my-agency` into `myAgency`. What none can be made of is a policy. */
function identifierOf(name: string): string {
  const [first = "", ...others] = name.split(/[^a-zA-Z0-9]+/).filter((word) => word !== "");
  const joined = [first.charAt(0).toLowerCase() + first.slice(1), ...others.map(capitalised)].join("");
  const isTaken = taken.has(joined) || taken.has(capitalised(joined));
  return /^[a-z]/.test(joined) && !isTaken ? joined : `policy${capitalised(joined)}`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Writes JSON as people write it in a program: without quotes round the keys that need none. */
function asLiteral(json: string): string {
  return json.replaceAll(/("(?:[^"\\]|\\.)*")(:)?/g, (whole, text: string, colon?: string) => {
    if (colon === undefined) return whole;
    const key: unknown = JSON.parse(text);
    return typeof key === "string" && /^[a-zA-Z_$][\w$]*$/.test(key) ? `${key}:` : whole;
  });
}

/** Names that the file uses itself, and words that a program may not call anything. */
const taken = new Set(
  (
    "defined definePolicy Inferred arguments await break case catch class const continue debugger default delete do else " +
    "enum eval export extends false finally for function if implements import in instanceof interface let new null " +
    "package private protected public return static super switch this throw true try typeof var void while with yield " +
    "any bigint boolean never number object string symbol undefined unknown Record Readonly"
  ).split(" "),
);
