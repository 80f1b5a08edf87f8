import { type ActionOf, type Engage, engage, type Policy, type TargetOf } from "channel-grants";
import type { Case } from "./case.js";
import { groupOf } from "./group.js";
import { title } from "./wording.js";

/** A button of the bar, and how it looks if its action is refused. */
export interface BarButton {
  readonly action: string;
  readonly label: string;
  readonly refused: "hidden" | "disabled";
}

// What the Engage document takes away from sight, and what it leaves to be seen and not used.
const engageBar: readonly (BarButton & { readonly action: ActionOf<Engage, "none" | "group"> })[] = [
  { action: "publish.create", label: "Create content", refused: "hidden" },
  { action: "publish.view", label: "View", refused: "hidden" },
  { action: "publish.edit", label: "Edit", refused: "disabled" },
  { action: "publish.delete", label: "Delete", refused: "disabled" },
  { action: "publish.tag", label: "Tag", refused: "disabled" },
  { action: "publish.assign", label: "Assign", refused: "disabled" },
  { action: "publish.clone", label: "Clone and edit", refused: "disabled" },
  { action: "publish.submit", label: "Submit for approval", refused: "disabled" },
  { action: "publish.schedule", label: "Schedule", refused: "disabled" },
  { action: "publish.post-now", label: "Post now", refused: "disabled" },
  { action: "publish.approve", label: "Approve", refused: "hidden" },
  { action: "publish.reject", label: "Reject", refused: "hidden" },
];

/** Gives the bar of a case: Engage's own, otherwise every action on the post, or on its one connection. */
export function barOf({ policy, post }: Subject): readonly BarButton[] {
  if (policy === (engage as Policy)) return engageBar;
  const actions = Object.keys(policy.actions).filter((action) => {
    const target = policy.actions[action]?.target;
    return target === "group" || (target === "connection" && post.connections.length === 1);
  });
  const short = (action: string) => action.slice(action.lastIndexOf(".") + 1);
  const isShared = (action: string) => actions.filter((other) => short(other) === short(action)).length > 1;
  return actions.map((action) => ({
    action,
    label: title(isShared(action) ? action : short(action)),
    refused: "disabled",
  }));
}

/** Gives what a call about the post takes after the action. */
export function targetOf(it: Subject, action: string): TargetOf<Policy, string> {
  const target = it.policy.actions[action]?.target;
  const [connection = ""] = it.post.connections;
  return target === "group" ? [groupOf(it)] : target === "connection" ? [connection] : [];
}

type Subject = Pick<Case, "policy" | "post">;
