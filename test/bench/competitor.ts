import type { Button, Group, GroupAction, UserRow } from "./world.js";

/** One pass over a workload. What it gives depends on every answer, so none can be optimised away. */
export type Pass = () => number;

/**
 * What each competitor answers, and the loops that are timed.
 *
 * Each writes its loops out for itself. A shared one would call all competitors from the same place, and V8 would
 * optimise none of them as it does in an application that has only one. No function that is timed makes a named
 * closure, because tsx would have it named again at each call.
 */
export interface Competitor {
  /** Answers about one user, question by question, through the functions that are timed. */
  ask(row: UserRow): Answers;
  /** Answers who may approve. */
  approvers(rows: readonly UserRow[]): (group: Group) => readonly string[];
  /** One user asks for an action on group after group. */
  check(row: UserRow, action: GroupAction, groups: readonly Group[]): Pass;
  /** Another user of the account asks each time. */
  visit(rows: readonly UserRow[], action: GroupAction, groups: readonly Group[]): Pass;
  /** One user sees twelve buttons for group after group. */
  bar(row: UserRow, groups: readonly Group[]): Pass;
  /** The approvers of group after group are listed. */
  approve(rows: readonly UserRow[], groups: readonly Group[]): Pass;
  /** User after user is read. */
  read(rows: readonly UserRow[]): Pass;
  /** Gives an account that is read and held: what the last pass is timed on, and what its bytes are counted of. */
  hold(rows: readonly UserRow[]): { readonly size: number };
}

export interface Answers {
  can(action: GroupAction, group: Group): boolean;
  bar(group: Group): readonly Button[];
}
