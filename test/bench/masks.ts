import type { Button, GrantRow } from "./world.js";

// Engage's grants as bits, and its rules as masks, worked out by hand: what the two yardsticks are made of. They know
// neither policies nor errors, and believe whatever they are given.

const conversationsBits = { "no-access": 1 << 0, "view-only": 1 << 1, "full-access": 1 << 2 };
const publishBits = { "no-access": 1 << 3, "view-only": 1 << 4, "needs-approval": 1 << 6, "full-access": 1 << 7 };
const approverBits = { "no-access": 0, "view-only": 1 << 5, "needs-approval": 0, "full-access": 1 << 8 };
const analyticsBits = { "no-access": 1 << 9, "full-access": 1 << 10 };

/** What is held where nothing is granted. */
export const NOTHING = conversationsBits["no-access"] | publishBits["no-access"] | analyticsBits["no-access"];

/** Gives the bits of a grant. */
export function bitsOf({ conversations, publish, approver, analytics }: GrantRow): number {
  return (
    (conversations === undefined ? conversationsBits["no-access"] : conversationsBits[conversations]) |
    (publish === undefined ? publishBits["no-access"] : approver ? approverBits[publish] : publishBits[publish]) |
    (analytics === undefined ? analyticsBits["no-access"] : analyticsBits[analytics])
  );
}

export interface Mask {
  readonly forbid: number;
  readonly require: number;
}

const views = publishBits["view-only"] | approverBits["view-only"];
const full = publishBits["full-access"] | approverBits["full-access"];
const draft = publishBits["needs-approval"] | full;
const approver = approverBits["view-only"] | approverBits["full-access"];
const all = publishBits["no-access"] | views | draft;

// No access counts as view-only beside an accessible connection, so viewing forbids nothing.
const view: Mask = { forbid: 0, require: views | draft };
const write: Mask = { forbid: all & ~draft, require: draft };
const release: Mask = { forbid: all & ~full, require: full };
const approve: Mask = { forbid: all & ~approver, require: approver };

/** The mask of each button. That of a new post is for all that the user holds together. */
export const masks: Readonly<Record<Button, Mask>> = {
  "publish.create": { forbid: 0, require: draft },
  "publish.view": view,
  "publish.tag": view,
  "publish.assign": view,
  "publish.clone": view,
  "publish.edit": write,
  "publish.delete": write,
  "publish.submit": write,
  "publish.schedule": release,
  "publish.post-now": release,
  "publish.approve": approve,
  "publish.reject": approve,
};
