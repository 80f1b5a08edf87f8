/** Writes a value for a message: on one line, at a bounded length, and without running code of its owner. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return isArray(value) ? "an array" : "an object";
  // A very large integer takes minutes to write.
  if (typeof value === "bigint" && BigInt.asIntN(1024, value) !== value) return "a bigint";
  const text = String(value);
  return /^[ -~]{0,60}$/.test(text) ? text : quote(text);
}

function isArray(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    // The value is a revoked proxy.
    return false;
  }
}

function quote(text: string): string {
  return escapeUnseen(JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text));
}

/**
 * Escapes the characters of a JSON string that a terminal obeys or a reader cannot see: controls, directions, joiners,
 * fillers, unusual spaces, private and unassigned characters. Escapes `##`, too: it begins a command in logs of CI.
 */
export function escapeUnseen(json: string): string {
  return json.replace(/(?! )[\p{C}\p{Z}\p{DI}\u2800]|#(?=#)/gu, escapeUnits);
}

/** Writes each unit of a text as JSON may: `\u000a`. */
export function escapeUnits(text: string): string {
  return text.replace(/./gs, (unit) => `\\u${(unit.charCodeAt(0) + 65536).toString(16).slice(1)}`);
}

/** Writes an id for a message: bare if that is unambiguous, otherwise like any value. */
export function showId(id: string): string {
  // In the log of a CI run, a line that begins with two colons is a command.
  return /^(?!::)[\w.:@/-]{1,60}$/.test(id) ? id : showValue(id);
}

/** Joins names as in a sentence: `a, b or c`. */
export function sentenceList(names: readonly string[], conjunction: "and" | "or"): string {
  const last = names.length - 1;
  return last > 0 ? `${names.slice(0, last).join(", ")} ${conjunction} ${names[last]}` : names.join();
}

/** Writes the end of a message, which lists what is accepted. It stays short even if there are many names. */
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
