import { type ActionOf, type Decision, type Engage, engage, explain, type Policy, type User } from "channel-grants";
import { title } from "./wording.js";

/** A button of the bar, and what becomes of it where its action is refused. */
export interface Button {
  readonly action: string;
  readonly label: string;
  readonly refused: "hidden" | "disabled";
}

export interface DecidedButton extends Button {
  readonly decision: Decision;
}

// What the Engage document takes away from sight, and what it leaves to be seen and not used.
const engageBar: readonly (Button & { readonly action: ActionOf<Engage, "none" | "group"> })[] = [
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

/** Gives the bar of a policy: Engage's own, otherwise every action on a post group in the policy's order. */
export function barOf(policy: Policy): readonly Button[] {
  if (policy === (engage as Policy)) return engageBar;
  const actions = Object.keys(policy.actions).filter((action) => policy.actions[action]?.target === "group");
  const short = (action: string) => action.slice(action.lastIndexOf(".") + 1);
  const isShared = (action: string) => actions.filter((other) => short(other) === short(action)).length > 1;
  return actions.map((action) => ({
    action,
    label: title(isShared(action) ? action : short(action)),
    refused: "disabled",
  }));
}

/** Asks the library about each button. */
export function decideBar(policy: Policy, user: User, connections: readonly string[]): readonly DecidedButton[] {
  return barOf(policy).map((button) => {
    const onGroup = policy.actions[button.action]?.target === "group";
    const decision = onGroup ? explain(user, button.action, { connections }) : explain(user, button.action);
    return { ...button, decision };
  });
}
