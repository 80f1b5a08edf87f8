import {
  type ApprovalEvent,
  type ApprovalOptions,
  type ApprovalResult,
  type Submission,
  transition,
} from "../../src/approval/index.js";
import { createMatrix, engage, type GrantMatrix, type Policy } from "../../src/index.js";
import { define } from "./arbitraries.js";
import type { Approval } from "./reference-flow.js";
import type { Definition } from "./reference-model.js";

const approver = { fb: { publish: "view-only", approver: true } } as const;
const full = { fb: { publish: "full-access", approver: true } } as const;
const users = [
  { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } },
  ...["ben", "cy", "lea"].map((id) => ({ id, role: "viewer", grants: approver }) as const),
  ...["cat", "dan"].map((id) => ({ id, role: "viewer", grants: full }) as const),
  { id: "eve", role: "viewer", grants: { fb: { publish: "full-access" } } },
] as const;

/** Ana needs approval; Ben, Cy and Lea approve; Cat and Dan approve and edit; Eve edits and releases. */
export const account = createMatrix(engage, { users });

/** The same people under Engage with another approval section. */
export function under(change: Partial<Approval>): GrantMatrix {
  const { approval, ...rest } = JSON.parse(JSON.stringify(engage)) as Definition & { approval: Approval };
  const policy: Policy = define({ ...rest, approval: { ...approval, ...change } });
  return createMatrix(policy, { users } as never);
}

export const post = (change: Partial<Submission> = {}): Submission => ({
  ...{ connections: ["fb"], author: "ana", status: "draft", steps: [], approvals: [], revision: 0 },
  ...change,
});

/** What an event comes to: the submission, or the reason, whom it is about, and for whom that one acts. */
export function told(result: ApprovalResult): Submission | string {
  if (result.ok) return result.submission;
  const { reason, user, for: asked } = result;
  return [reason, user, asked && `for ${asked}`].filter((part) => part !== undefined).join(" ");
}

export const send = (
  before: Submission,
  event: ApprovalEvent,
  matrix: Pick<GrantMatrix, "users"> = account,
  options: Pick<ApprovalOptions, "standIns"> = {},
): Submission | string => told(transition(matrix as unknown as typeof account, before, event, options));
