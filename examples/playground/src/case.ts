import type { GrantMatrix, Policy } from "channel-grants";
import type { EventType, StandIn, Status, StepInput, Submission } from "channel-grants/approval";
import { areasOf } from "./areas.js";

export const tabs = ["overview", "assign", "compose", "approve", "policy", "data"] as const;
export type Tab = (typeof tabs)[number];

/** The policies that can be chosen; `own` is one that was pasted. */
export const choices = ["engage", "buffer", "own"] as const;
export type Choice = (typeof choices)[number];

/** The instant at which a visit begins. */
export const morning = "2026-08-03T09:00:00.000Z";

export interface Post {
  readonly author: string;
  readonly connections: readonly string[];
  /** The users in each other relation of the policy to the post; absent if there are none. */
  readonly related?: readonly (readonly [relation: string, users: readonly string[]])[] | undefined;
}

/** An event that somebody tried, and its result. */
export interface LogEntry {
  /** The user's id; undefined if the application itself did it. */
  readonly by?: string | undefined;
  readonly event: EventType | "draft";
  readonly asked?: readonly StepInput[] | undefined;
  /** The instant of the event; absent of a draft. */
  readonly at?: string | undefined;
  /** The status afterwards; absent if the event was refused. */
  readonly status?: Status | undefined;
  readonly refusal?: string | undefined;
}

/** A user who stands in for another, with instants as a link carries them. */
export interface Absence extends StandIn {
  readonly from?: string;
  readonly until?: string;
}

/** Everything that is looked at under one policy. */
export interface Case {
  readonly policy: Policy;
  readonly saved: GrantMatrix;
  /** The saved account with the changes that were not assigned yet. */
  readonly staged: GrantMatrix;
  readonly area: string;
  /** The connection whose users are assigned. */
  readonly connection: string;
  readonly post: Post;
  /** The user who sees the post. */
  readonly viewer: string;
  readonly submission: Submission | undefined;
  readonly log: readonly LogEntry[];
  readonly standIns: readonly Absence[];
  /** The instant at which events happen, in UTC. The flow has no clock, and a link shows the same tomorrow. */
  readonly now: string;
}

/** Points a case at users, connections and areas that are there. */
export function settle(it: Case): Case {
  const users = it.saved.users();
  const connections = it.saved.connections();
  const related = (it.post.related ?? []).flatMap(([relation, ids]) => {
    const there = users.filter((id) => ids.includes(id));
    return it.policy.relations?.includes(relation) && there.length > 0 ? [[relation, there] as const] : [];
  });
  const present = (list: readonly string[], id: string) => (list.includes(id) ? id : (list[0] ?? ""));
  return {
    ...it,
    area: present(areasOf(it.policy, "connection"), it.area),
    connection: present(connections, it.connection),
    viewer: present(users, it.viewer),
    post: {
      author: present(users, it.post.author),
      connections: connections.filter((id) => it.post.connections.includes(id)),
      ...(related.length > 0 && { related }),
    },
    standIns: it.standIns.filter((each) => users.includes(each.for) && users.includes(each.by)),
  };
}

/** Tells whether what users hold is to change; a change that was taken back leaves another matrix. */
export function isChanged({ saved, staged }: Pick<Case, "saved" | "staged">): boolean {
  if (saved === staged) return false;
  const differ = (one: object, other: object) => JSON.stringify(one) !== JSON.stringify(other);
  return saved
    .users()
    .some(
      (user) =>
        differ(saved.accountGrant(user), staged.accountGrant(user)) ||
        saved.connections().some((id) => differ(saved.grant(user, id), staged.grant(user, id))),
    );
}

/** Makes the case of an account at which nobody has looked yet. */
export function caseOf(saved: GrantMatrix, policy: Policy, pointers: Partial<Case> = {}): Case {
  const blank = { area: "", connection: "", viewer: "", post: { author: "", connections: [] } };
  const flow = { submission: undefined, log: [], standIns: [], now: morning };
  return settle({ ...blank, ...flow, ...pointers, policy, saved, staged: saved });
}
