/** Names a value in a message without running any code of its owner, on one line and at a bounded length. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return isArray(value) ? "an array" : "an object";
  // To write out a very large integer would take minutes.
  if (typeof value === "bigint" && BigInt.asIntN(1024, value) !== value) return "a bigint";
  const text = String(value);
  return /^[ -~]{0,60}$/.test(text) ? text : quote(text);
}

function isArray(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    // A proxy that was revoked is neither.
    return false;
  }
}

function quote(text: string): string {
  return escapeUnseen(JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text));
}

/**
 * Escapes in a JSON string what a terminal obeys or a reader cannot see: controls, directions, joiners, fillers, spaces
 * but the plain one, private and unassigned characters. Of two `#` the second, for they begin commands in logs of CI.
 */
export function escapeUnseen(json: string): string {
  return json.replace(/(?! )[\p{C}\p{Z}\p{DI}\u2800]|#(?=#)/gu, (each) =>
    each.replace(/./gs, (unit) => `\\u${(unit.charCodeAt(0) + 65536).toString(16).slice(1)}`),
  );
}

/** An id as it is where it can be mistaken for nothing else; otherwise quoted, escaped and cut. */
export function showId(id: string): string {
  // In the log of a CI run, a line that begins with two colons is a command.
  return /^(?!::)[\w.:@/-]{1,60}$/.test(id) ? id : showValue(id);
}

/** Joins names as a sentence does: `a, b or c`. */
export function sentenceList(names: readonly string[], conjunction: "and" | "or"): string {
  const last = names.length - 1;
  return last > 0 ? `${names.slice(0, last).join(", ")} ${conjunction} ${names[last]}` : names.join();
}

/** Says what would be accepted, for the end of a message, which stays short however many names there are. */
export function expected(names: Iterable<unknown>): string {
  const shown: string[] = [];
  for (const name of names) {
    const isFull = shown.length === NAMES_SHOWN || shown.join("").length > CHARACTERS_SHOWN;
    shown.push(isFull ? "another of them" : showValue(name));
    if (isFull) break;
  }
  return `expected ${sentenceList(shown, "or") || "nothing"}`;
}

const NAMES_SHOWN = 60;
const CHARACTERS_SHOWN = 1000;
