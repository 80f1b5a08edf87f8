import { refuseLookAlike } from "../base/faults.js";
import { registryOf } from "../base/registry.js";
import type { CompiledPolicy } from "../engine/compiled-policy.js";
import type { Rows } from "./at-instant.js";
import type { Columns } from "./columns.js";

/** What a matrix is made of. */
export interface MatrixInternals extends Rows {
  readonly engine: CompiledPolicy;
  /** The instant at which the account is asked about, if one was given. */
  readonly now: string | undefined;
  /** What it was asked about, for the next question. */
  readonly columns: Columns;
}

// Keyed by the matrix, so that a look-alike is told at once.
const internals = /* @__PURE__ */ registryOf<MatrixInternals>("matrix");

/** Keeps what a matrix is made of. */
export function keepInternals(matrix: object, inside: MatrixInternals): void {
  internals.set(matrix, inside);
}

/** Gives what a matrix is made of. */
export function internalsOf(matrix: object): MatrixInternals {
  return internals.get(matrix) ?? refuseLookAlike("matrix", matrix, "createMatrix");
}
