/** A mistake in what was typed, or in a file. */
export interface Mistake {
  readonly mistake: string;
}

/** Throws a mistake, with a message that says what to do. */
export function fail(mistake: string): never {
  throw { mistake } satisfies Mistake;
}

export function isMistake(error: unknown): error is Mistake {
  return typeof error === "object" && error !== null && Object.hasOwn(error, "mistake");
}
