import type { Button, GrantRow, UserRow } from "./world.js";

// How a team would put Engage's grants into the words of CASL. A right stands for a step of a level or for a flag, so
// that there are few rules: one right for each of thirty actions would make CASL slower and larger.

export type Right =
  | "publish:view"
  | "publish:draft"
  | "publish:release"
  | "publish:approve"
  | "conversations:view"
  | "conversations:act"
  | "analytics:view";

/** The right that each button needs. */
export const rightFor: Readonly<Record<Button, Right>> = {
  "publish.create": "publish:draft",
  "publish.view": "publish:view",
  "publish.tag": "publish:view",
  "publish.assign": "publish:view",
  "publish.clone": "publish:view",
  "publish.edit": "publish:draft",
  "publish.delete": "publish:draft",
  "publish.submit": "publish:draft",
  "publish.schedule": "publish:release",
  "publish.post-now": "publish:release",
  "publish.approve": "publish:approve",
  "publish.reject": "publish:approve",
};

/** Gives the connections on which a user has each right that it has at all. */
export function connectionsByRight({ grants }: UserRow): Map<Right, string[]> {
  const byRight = new Map<Right, string[]>();
  for (const connection of Object.keys(grants)) {
    for (const right of rightsOf(grants[connection] ?? {})) {
      const connections = byRight.get(right);
      if (connections) connections.push(connection);
      else byRight.set(right, [connection]);
    }
  }
  return byRight;
}

function rightsOf({ conversations, publish, approver, analytics }: GrantRow): Right[] {
  const rights: Right[] = [];
  if (publish && publish !== "no-access") rights.push("publish:view");
  if (publish === "needs-approval" || publish === "full-access") rights.push("publish:draft");
  if (publish === "full-access") rights.push("publish:release");
  if (approver) rights.push("publish:approve");
  if (conversations && conversations !== "no-access") rights.push("conversations:view");
  if (conversations === "full-access") rights.push("conversations:act");
  if (analytics === "full-access") rights.push("analytics:view");
  return rights;
}
