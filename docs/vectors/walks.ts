import {
  type ApprovalEvent,
  type ApprovalResult,
  draft,
  type StandIn,
  type Submission,
  transition,
} from "../../src/approval/index.js";
import { buffer, createMatrix, definePolicy, engage, type MatrixInput, type Policy } from "../../src/index.js";

/** A step of a walk as it is told here: what is done, and the status or the refusal that the rules say comes of it. */
type Told = readonly [step: Step, outcome: string];
type Step =
  | { readonly draft: { readonly author: string; readonly connections: readonly string[] } }
  | { readonly event: ApprovalEvent; readonly standIns?: readonly StandIn[] }
  | { readonly assign: { readonly user: string; readonly connection: string; readonly grant: object } };

/** Posts on their way under a policy. */
export interface Walks {
  readonly policy: Policy;
  readonly account: object;
  readonly walks: readonly { readonly about: string; readonly steps: readonly object[] }[];
}

const at = (hour: number) => `2026-08-03T${String(hour).padStart(2, "0")}:00:00.000Z`;
const post = (author: string, ...connections: readonly string[]): Step => ({ draft: { author, connections } });
const event = (next: ApprovalEvent, standIns?: readonly StandIn[]): Step => ({
  event: next,
  ...(standIns && { standIns }),
});
const submit = (by: string, ...steps: readonly (readonly string[] | { of: string[]; needs: number })[]): Step =>
  event({ type: "submit", by, steps });
const approve = (by: string, revision = 0): Step => event({ type: "approve", by, revision });

const writer = { publish: "needs-approval" } as const;
const approver = { publish: "view-only", approver: true } as const;
const lead = { publish: "full-access", approver: true } as const;
const engageUsers = [
  { id: "ana", role: "viewer", grants: { fb: writer, ig: writer } },
  { id: "ben", role: "viewer", grants: { fb: approver, ig: approver } },
  { id: "cat", role: "viewer", grants: { fb: lead, ig: lead } },
  { id: "dan", role: "viewer", grants: { fb: lead, ig: { publish: "view-only" } } },
  { id: "eve", role: "viewer", grants: { fb: approver } },
  { id: "fay", role: "viewer", grants: { fb: { publish: "full-access" }, ig: { publish: "full-access" } } },
  { id: "olga", role: "admin" },
];
const engageAccount = { users: engageUsers, connections: ["fb", "ig", "x"] };
const { approval } = engage;
const strict = definePolicy({
  ...engage,
  name: "strict",
  approval: {
    ...approval,
    approve: ["publish.view", "publish.approve"],
    distinctApprovers: true,
    editorMayApprove: false,
  },
});
const own = definePolicy({ ...engage, name: "own", approval: { ...approval, steps: 1, authorMayApprove: true } });
const bufferAccount = {
  users: [
    { id: "olga", role: "owner" },
    { id: "ana", role: "member", grants: { fb: { posting: "approval-required" } } },
    { id: "ben", role: "member", grants: { fb: { posting: "full-posting" } } },
    { id: "cat", role: "member" },
  ],
  connections: ["fb"],
};

/** An account without an owner, in which nobody may approve. */
const aloneAccount = {
  users: ["ana", "ben"].map((id) => ({ id, role: "member", grants: { fb: { posting: "approval-required" } } })),
  connections: ["fb"],
};

const two = { of: ["ben", "cat", "dan"], needs: 2 };
const holiday: readonly StandIn[] = [{ for: "cat", by: "eve", from: at(8), until: at(12) }];

/** Gives the walks, each played by the library; it throws where something else comes of a step than is told here. */
export const walksByFile = {
  "approval-engage": walked(engage, engageAccount, {
    "a post is approved by one approver and released by the application": [
      [post("ana", "fb", "ig"), "draft"],
      [event({ type: "release", by: "ana", revision: 0 }), "not-allowed ana"],
      [submit("ana", ["ben"]), "pending"],
      [event({ type: "auto-release", revision: 0 }), "wrong-status"],
      [approve("ana"), "is-author ana"],
      [approve("cat"), "not-asked cat"],
      [approve("nobody"), "unknown-user nobody"],
      [approve("ben", 1), "stale-revision"],
      [approve("ben"), "approved"],
      [event({ type: "auto-release", revision: 0 }), "released"],
      [event({ type: "edit", by: "cat" }), "wrong-status"],
    ],
    "a draft needs connections that its author may select": [
      [post("ana"), "no-connections"],
      [post("nobody", "fb"), "unknown-user nobody"],
      [post("ana", "fb", "x"), "not-allowed ana"],
      [post("ben", "fb"), "not-allowed ben"],
    ],
    "every step names users who may approve the whole group, and not the author": [
      [post("ana", "fb", "ig"), "draft"],
      [submit("ana"), "wrong-steps"],
      [submit("ana", []), "wrong-steps"],
      [submit("ana", { of: ["ben"], needs: 2 }), "wrong-steps"],
      [submit("ana", ["ben"], ["ben"], ["ben"], ["ben"], ["ben"], ["ben"]), "wrong-steps"],
      [submit("ana", ["ben", "ana"]), "is-author ana"],
      [submit("ana", ["ben"], ["dan"]), "not-an-approver dan"],
      [submit("ana", ["nobody"]), "unknown-user nobody"],
      [submit("ben", ["cat"]), "not-allowed ben"],
      [submit("fay", ["ben"], ["cat"]), "pending"],
    ],
    "two of three approve in any order, each of them once": [
      [post("ana", "fb"), "draft"],
      [submit("ana", two), "pending"],
      [approve("dan"), "pending"],
      [approve("dan"), "already-approved dan"],
      [approve("ben"), "approved"],
    ],
    "two steps in order, and a user of both passes both": [
      [post("ana", "fb"), "draft"],
      [submit("ana", ["cat"], ["cat", "dan"]), "pending"],
      [approve("dan"), "not-asked dan"],
      [approve("cat"), "pending"],
      [approve("cat"), "approved"],
    ],
    "those asked may turn the post down, and only its author withdraws it": [
      [post("ana", "fb"), "draft"],
      [submit("ana", ["ben"]), "pending"],
      [event({ type: "withdraw", by: "cat" }), "not-author cat"],
      [event({ type: "reject", by: "cat", revision: 0 }), "not-asked cat"],
      [event({ type: "reject", by: "ben", revision: 0 }), "draft"],
      [submit("ana", ["ben"]), "pending"],
      [event({ type: "withdraw", by: "ana" }), "draft"],
    ],
    "an edit makes every approval void, and an approver who edits is asked again": [
      [post("ana", "fb"), "draft"],
      [submit("ana", ["cat"], ["ben"]), "pending"],
      [approve("cat"), "pending"],
      [event({ type: "edit", by: "ben" }), "not-allowed ben"],
      [event({ type: "edit", by: "fay" }), "not-asked fay"],
      [event({ type: "edit", by: "ana", connections: ["fb", "ig", "fb"] }), "draft"],
      [submit("ana", ["cat"]), "pending"],
      [event({ type: "edit", by: "cat" }), "pending"],
      [approve("cat", 1), "stale-revision"],
      [approve("cat", 2), "approved"],
      [event({ type: "edit", by: "fay", connections: ["x"] }), "not-allowed fay"],
      [event({ type: "edit", by: "fay", connections: [] }), "no-connections"],
      [event({ type: "edit", by: "fay" }), "draft"],
    ],
    "others are asked, and whoever approved in the open step stays": [
      [post("ana", "fb"), "draft"],
      [submit("ana", ["cat"], two), "pending"],
      [approve("cat"), "pending"],
      [approve("ben"), "pending"],
      [event({ type: "reassign", by: "ana", steps: [["dan"], two] }), "wrong-steps"],
      [event({ type: "reassign", by: "ana", steps: [["cat"], ["dan"]] }), "wrong-steps"],
      [event({ type: "reassign", by: "eve", steps: [["cat"], { of: ["ben", "eve"], needs: 2 }] }), "not-allowed eve"],
      [event({ type: "reassign", by: "ana", steps: [["cat"], { of: ["ben", "eve"], needs: 2 }] }), "pending"],
      [approve("dan"), "not-asked dan"],
      [approve("eve"), "approved"],
    ],
    "an approval lapses with the right": [
      [post("ana", "fb"), "draft"],
      [submit("ana", ["ben"]), "pending"],
      [approve("ben"), "approved"],
      [{ assign: { user: "ben", connection: "fb", grant: { publish: "view-only" } } }, ""],
      [event({ type: "auto-release", revision: 0 }), "approval-lapsed ben"],
      [event({ type: "release", by: "fay", revision: 0 }), "approval-lapsed ben"],
      [{ assign: { user: "ben", connection: "fb", grant: approver } }, ""],
      [event({ type: "release", by: "fay", revision: 0 }), "released"],
    ],
    "full access releases a draft that nobody was asked about": [
      [post("fay", "fb"), "draft"],
      [event({ type: "release", by: "fay", revision: 0 }), "released"],
    ],
    "a stand-in approves within its period, if it holds the right itself": [
      [post("ana", "fb"), "draft"],
      [submit("ana", ["cat"], ["cat"]), "pending"],
      [event({ type: "approve", by: "eve", revision: 0, at: at(7) }, holiday), "not-asked eve"],
      [event({ type: "approve", by: "eve", revision: 0, at: at(12) }, holiday), "not-asked eve"],
      [event({ type: "approve", by: "eve", revision: 0, at: at(8) }, holiday), "pending"],
      [event({ type: "approve", by: "fay", revision: 0 }, [{ for: "cat", by: "fay" }]), "not-allowed fay for cat"],
      [event({ type: "approve", by: "ana", revision: 0 }, [{ for: "cat", by: "ana" }]), "is-author ana"],
      [
        event({ type: "approve", by: "dan", revision: 0 }, [{ for: "eve", by: "dan" }, ...without(holiday)]),
        "not-asked dan",
      ],
      [approve("cat"), "approved"],
    ],
    "whoever stood in for a user takes the user's place in the step": [
      [post("ana", "fb"), "draft"],
      [submit("ana", two), "pending"],
      [event({ type: "approve", by: "eve", revision: 0 }, without(holiday)), "pending"],
      [approve("cat"), "already-approved cat"],
      [event({ type: "approve", by: "eve", revision: 0 }, without(holiday)), "already-approved eve for cat"],
      [approve("dan"), "approved"],
    ],
    "from its deadline on, a post is neither approved nor released": [
      [post("ana", "fb"), "draft"],
      [event({ type: "submit", by: "ana", steps: [["ben"]], expires: at(9), at: at(9) }), "expired"],
      [
        event({ type: "submit", by: "ana", steps: [["ben"]], expires: "2026-08-03T11:00:00+02:00", at: at(7) }),
        "pending",
      ],
      [event({ type: "approve", by: "ben", revision: 0, at: at(9) }), "expired"],
      [event({ type: "approve", by: "ben", revision: 0, at: "2026-08-03T08:59:59.999Z" }), "approved"],
      [event({ type: "auto-release", revision: 0, at: at(9) }), "expired"],
      [event({ type: "edit", by: "ana", at: at(10) }), "draft"],
      [submit("ana", ["ben"]), "pending"],
      [approve("ben", 1), "approved"],
    ],
  }),
  "approval-strict": walked(strict, engageAccount, {
    "the second step asks for a higher right than the first": [
      [post("ana", "fb"), "draft"],
      [submit("ana", ["fay"], ["fay"]), "not-an-approver fay"],
      [submit("ana", ["fay"], ["ben"]), "pending"],
      [approve("fay"), "pending"],
      [approve("ben"), "approved"],
    ],
    "a user passes one step at most": [
      [post("ana", "fb"), "draft"],
      [submit("ana", ["cat"], ["cat", "dan"]), "pending"],
      [approve("cat"), "pending"],
      [approve("cat"), "already-approved cat"],
      [event({ type: "approve", by: "eve", revision: 0 }, without(holiday)), "already-approved eve for cat"],
      [approve("dan"), "approved"],
    ],
    "whoever edited does not approve": [
      [post("ana", "fb"), "draft"],
      [event({ type: "edit", by: "dan" }), "draft"],
      [submit("ana", ["dan"]), "is-editor dan"],
      [submit("ana", ["cat"], ["ben"]), "pending"],
      [event({ type: "edit", by: "cat" }), "pending"],
      [approve("cat", 2), "is-editor cat"],
      [event({ type: "reassign", by: "ana", steps: [["eve"]] }), "pending"],
      [approve("eve", 2), "approved"],
    ],
  }),
  "approval-own": walked(own, engageAccount, {
    "an author who may approve is asked, and does so in its own name": [
      [post("cat", "fb"), "draft"],
      [submit("cat", ["cat"], ["ben"]), "wrong-steps"],
      [submit("cat", ["cat"]), "pending"],
      [approve("cat"), "approved"],
    ],
    "an author stands in for nobody": [
      [post("cat", "fb"), "draft"],
      [submit("cat", ["ben"]), "pending"],
      [event({ type: "approve", by: "cat", revision: 0 }, [{ for: "ben", by: "cat" }]), "is-author cat for ben"],
      [approve("ben"), "approved"],
    ],
  }),
  "approval-buffer": walked(buffer, bufferAccount, {
    "nobody is named, and anybody with the right approves": [
      [post("ana", "fb"), "draft"],
      [submit("ana", ["ben"]), "wrong-steps"],
      [submit("ben"), "not-allowed ben"],
      [submit("ana"), "pending"],
      [event({ type: "reassign", by: "ana", steps: [["ben"]] }), "wrong-steps"],
      [approve("ana"), "is-author ana"],
      [approve("cat"), "not-allowed cat"],
      [event({ type: "edit", by: "ben" }), "pending"],
      [approve("olga"), "stale-revision"],
      [approve("ben", 1), "approved"],
      [event({ type: "auto-release", revision: 1 }), "released"],
    ],
    "where nobody else may approve, the owner does": [
      [{ assign: { user: "ben", connection: "fb", grant: { posting: "approval-required" } } }, ""],
      [post("ben", "fb"), "draft"],
      [submit("ben"), "pending"],
      [event({ type: "approve", by: "olga", revision: 0 }), "approved"],
    ],
  }),
  "approval-alone": walked(buffer, aloneAccount, {
    "a post is submitted once somebody other than its author may approve it": [
      [post("ana", "fb"), "draft"],
      [submit("ana"), "no-approver"],
      [{ assign: { user: "ben", connection: "fb", grant: { posting: "full-posting" } } }, ""],
      [submit("ana"), "pending"],
      [approve("ben"), "approved"],
    ],
  }),
} satisfies Record<string, Walks>;

/** Stand-ins without a period. */
function without(standIns: readonly StandIn[]): readonly StandIn[] {
  return standIns.map(({ for: asked, by }) => ({ for: asked, by }));
}

function walked(policy: Policy, account: object, told: Readonly<Record<string, readonly Told[]>>): Walks {
  const walks = Object.entries(told).map(([about, steps]) => {
    let matrix = createMatrix(policy, account as MatrixInput<Policy>);
    let submission: Submission | undefined;
    const played = steps.map(([step, outcome]) => {
      if ("assign" in step) {
        const { user, connection, grant } = step.assign;
        matrix = matrix.assign(user, connection, grant);
        return step;
      }
      const result =
        "draft" in step
          ? draft(matrix, step.draft)
          : transition(matrix, submission as Submission, step.event, { standIns: step.standIns ?? [] });
      if (inShort(result) !== outcome)
        throw new Error(`${about}: ${JSON.stringify(step)} is ${inShort(result)}, not ${outcome}`);
      if (result.ok) submission = result.submission;
      return { ...step, ...answerOf(result) };
    });
    return { about, steps: played };
  });
  return { policy, account, walks };
}

function inShort(result: ApprovalResult): string {
  if (result.ok) return result.submission.status;
  const { reason, user, for: asked } = result;
  return [reason, user, asked && `for ${asked}`].filter((part) => part !== undefined).join(" ");
}

function answerOf(result: ApprovalResult): object {
  if (result.ok) return { submission: result.submission };
  const { reason, user, for: asked } = result;
  return { refused: { reason, ...(user !== undefined && { user }), ...(asked !== undefined && { for: asked }) } };
}
