import type { ApprovalEvent, Submission } from "../../src/approval/index.js";
import { type Definition, modelCan, type Person } from "./reference-model.js";

/**
 * The approval flow, written down a second time from its rules: who may do what, in which status, on plain lists. It
 * shares nothing with the library, and says only what comes of an event, or that it is refused.
 */
export interface Organisation {
  readonly definition: Definition & { readonly approval: Approval };
  readonly people: readonly Person[];
  /** The connections of the account, which everybody in it knows. */
  readonly connections: readonly string[];
}

export interface Approval {
  readonly select: string;
  readonly submit: string;
  readonly edit: string;
  readonly approve: string;
  readonly reject: string;
  readonly release: string;
  readonly approvers: string;
  readonly steps: number;
  readonly authorMayApprove: boolean;
}

type Right = "select" | "submit" | "edit" | "approve" | "reject" | "release";

/** Whether somebody is there and has a right on all of these connections as one group, or each by itself. */
export function modelMay(world: Organisation, user: string, right: Right, connections: readonly string[]): boolean {
  const { definition } = world;
  const found = world.people.find(({ id }) => id === user);
  if (!found) return false;
  const person = { ...found, connections: [...world.connections] };
  const action = definition.approval[right];
  const kind = definition.actions[action]?.target;
  if (right !== "select") return modelCan(definition, person, action, { connections: [...connections] });
  return connections.every((id) => modelCan(definition, person, action, kind === "group" ? { connections: [id] } : id));
}

export function modelDraft(
  world: Organisation,
  author: string,
  connections: readonly string[],
): Submission | undefined {
  const exists = world.people.some(({ id }) => id === author);
  if (!exists || connections.length === 0 || !modelMay(world, author, "select", connections)) return undefined;
  return { connections: [...new Set(connections)], author, status: "draft", steps: [], approvals: [], revision: 0 };
}

export function modelTransition(world: Organisation, post: Submission, event: ApprovalEvent): Submission | undefined {
  const { approvers, steps: most, authorMayApprove } = world.definition.approval;
  const { author, status, connections, approvals } = post;
  const anyone = approvers === "anyone";
  const by = byWhom(event);
  const may = (user: string, right: Right) => modelMay(world, user, right, connections);
  const isThere = (user: string) => world.people.some(({ id }) => id === user);
  const mayBeAsked = (user: string) => (user !== author || authorMayApprove) && may(user, "approve");
  const isAskedNow = (user: string) =>
    (user !== author || authorMayApprove) && (anyone || (post.steps[approvals.length] ?? []).includes(user));
  const mayApproveNow = (user: string) => isAskedNow(user) && may(user, "approve");
  const mayAsk = (steps: readonly (readonly string[])[]) =>
    anyone
      ? steps.length === 0 && world.people.some(({ id }) => id !== author && mayBeAsked(id))
      : steps.length > 0 && steps.every((step) => step.length > 0 && step.every(mayBeAsked));
  const backToDraft = { ...post, status: "draft", steps: [], approvals: [] } as const;

  if (by !== undefined && !isThere(by)) return undefined;
  // A key that is undefined is absent, also one that the event has no use for.
  if ("revision" in event && event.revision !== undefined && event.revision !== post.revision) return undefined;
  switch (event.type) {
    case "submit": {
      const right = status === "draft" && may(event.by, "submit") && mayAsk(event.steps) && event.steps.length <= most;
      return right ? { ...post, status: "pending", steps: event.steps } : undefined;
    }
    case "approve": {
      if (status !== "pending" || !mayApproveNow(event.by)) return undefined;
      const given = [...approvals, { by: event.by }];
      const complete = anyone || given.length === post.steps.length;
      return { ...post, approvals: given, status: complete ? "approved" : "pending" };
    }
    case "reject":
      return status === "pending" && mayApproveNow(event.by) && may(event.by, "reject") ? backToDraft : undefined;
    case "withdraw":
      return status === "pending" && event.by === author ? backToDraft : undefined;
    case "edit": {
      const next = [...new Set(event.connections ?? connections)];
      const added = next.filter((id) => !connections.includes(id));
      if (status === "released" || next.length === 0 || !may(event.by, "edit")) return undefined;
      if (!modelMay(world, event.by, "edit", next) || !modelMay(world, event.by, "select", added)) return undefined;
      const edited = { connections: next, revision: post.revision + 1 };
      if (status !== "pending" || event.by === author) return { ...backToDraft, ...edited };
      return mayApproveNow(event.by) ? { ...post, ...edited, approvals: [] } : undefined;
    }
    case "reassign": {
      if (status !== "pending" || anyone || (event.by !== author && !may(event.by, "submit"))) return undefined;
      const passed = approvals.length;
      const kept = approvals.every((_, index) => String(event.steps[index]) === String(post.steps[index]));
      const right = kept && event.steps.length <= most && mayAsk(event.steps.slice(passed));
      return right ? { ...post, steps: event.steps } : undefined;
    }
    case "release": {
      if ((status !== "draft" && status !== "approved") || !may(event.by, "release")) return undefined;
      return approvals.every((approval) => may(approval.by, "approve")) ? released(post) : undefined;
    }
    case "auto-release": {
      if (status !== "approved") return undefined;
      return approvals.every((approval) => may(approval.by, "approve")) ? released(post) : undefined;
    }
  }
}

function released(post: Submission): Submission {
  return { ...post, status: "released" };
}

/** Who brings an event about: nobody, where the application itself releases. */
export function byWhom(event: ApprovalEvent): string | undefined {
  return event.type === "auto-release" ? undefined : event.by;
}
