import type { Bits } from "../../core/engine/bits.js";
import type { Role } from "../../core/engine/rule.js";
import type { MatrixInternals } from "../../core/matrix/matrix-internals.js";

/**
 * Returns the bits of a role on a connection without a grant. An absent user is a stranger everywhere, and everybody is
 * on connections of other accounts.
 */
export function bitsWithoutGrant(
  { engine, account }: MatrixInternals,
  role: Role | undefined,
  connection: string,
): Bits {
  return role && account.numbers.has(connection) ? role.base : engine.stranger;
}
