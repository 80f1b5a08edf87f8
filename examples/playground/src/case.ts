import type { GrantMatrix, Policy } from "channel-grants";
import type { EventType, Status, StepInput, Submission } from "channel-grants/approval";

export const tabs = ["overview", "assign", "compose", "approve", "policy", "data"] as const;
export type Tab = (typeof tabs)[number];

/** The policies that can be chosen; `own` is one that was pasted. */
export const choices = ["engage", "buffer", "own"] as const;
export type Choice = (typeof choices)[number];

export interface Post {
  readonly author: string;
  readonly connections: readonly string[];
}

/** An event that somebody tried, and its result. */
export interface LogEntry {
  /** The user's id; undefined if the application itself did it. */
  readonly by?: string | undefined;
  readonly event: EventType | "draft";
  readonly asked?: readonly StepInput[] | undefined;
  /** The status afterwards; absent if the event was refused. */
  readonly status?: Status | undefined;
  readonly refusal?: string | undefined;
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
}

/** Points a case at users, connections and areas that are there. */
export function settle(it: Case): Case {
  const users = it.saved.users();
  const connections = it.saved.connections();
  const present = (list: readonly string[], id: string) => (list.includes(id) ? id : (list[0] ?? ""));
  return {
    ...it,
    area: present(Object.keys(it.policy.areas), it.area),
    connection: present(connections, it.connection),
    viewer: present(users, it.viewer),
    post: {
      author: present(users, it.post.author),
      connections: connections.filter((id) => it.post.connections.includes(id)),
    },
  };
}

/** Makes the case of an account at which nobody has looked yet. */
export function caseOf(saved: GrantMatrix, policy: Policy, pointers: Partial<Case> = {}): Case {
  const blank = { area: "", connection: "", viewer: "", post: { author: "", connections: [] } };
  return settle({ ...blank, ...pointers, policy, saved, staged: saved, submission: undefined, log: [] });
}
