import { type Buffer, can, explain, formatDecision, type GrantMatrix, PolicyError } from "channel-grants";
import {
  type NameOf,
  nameLines,
  namesInLine,
  type Post,
  postCell,
  printHeading,
  printTable,
  printText,
  titleLines,
  yesOrNo,
} from "./tables.js";

/** Says of every post who queues it, who asks, and who approves. */
export function printQueues(matrix: GrantMatrix<Buffer>, posts: readonly Post[], nameOf: NameOf): void {
  printHeading("The same posts in Buffer, with clients as approvers");
  printText(
    "Buffer has no role for clients: they hold Full Posting on their own accounts, and the agency's",
    "staff hold Approval Required there, save where a client leaves an account to them. One level both",
    "queues and approves, so those two columns always agree.",
  );
  const rows = posts.map((post) => [
    postCell(post),
    nameLines(matrix.usersFor("queue.add", post), nameOf),
    nameLines(matrix.usersFor("drafts.request-approval", post), nameOf),
    nameLines(matrix.usersFor("drafts.approve", post), nameOf),
  ]);
  printTable(
    [
      { title: "Post", width: 32 },
      { title: "May queue it directly", width: 23 },
      { title: "Must request approval", width: 23 },
      { title: "May approve it", width: 17 },
    ],
    rows,
  );
  const owners = matrix.users().filter((id) => matrix.user(id).role === "owner");
  const ownersAlone = posts.filter((post) =>
    matrix.usersFor("drafts.approve", post).every((id) => owners.includes(id)),
  );
  printText(
    "Only the owner can approve these, because nobody else holds Full Posting on every account of them:",
    ...titleLines(ownersAlone),
  );
}

/** Shows what the owner may and may not do, and the way round it: a second, ordinary login. */
export function printOwner(
  matrix: GrantMatrix<Buffer>,
  { owner, secondLogin, post }: { readonly owner: string; readonly secondLogin: string; readonly post: Post },
  nameOf: NameOf,
): void {
  printHeading("The owner's case in Buffer");
  printText(
    `${nameOf(owner)} owns the account, writes "${post.title}" and would like the client`,
    "to approve it. But an owner's level cannot be set, and what an owner writes goes straight to the",
    "queue. So the agency gave the owner a second login, an ordinary member with Approval Required, to",
    "write posts with.",
  );
  const logins = [matrix.user(owner), matrix.user(secondLogin)];
  printTable(
    [
      { title: "May this login...", width: 46 },
      { title: nameOf(owner), width: 24 },
      { title: nameOf(secondLogin), width: 24 },
    ],
    [
      ["put the post into the queue", ...logins.map((login) => yesOrNo(can(login, "queue.add", post)))],
      ["request approval for it", ...logins.map((login) => yesOrNo(can(login, "drafts.request-approval", post)))],
      ["approve it", ...logins.map((login) => yesOrNo(can(login, "drafts.approve", post)))],
      [
        "change the posting schedule of each account",
        ...logins.map((login) =>
          yesOrNo(post.connections.every((connection) => can(login, "schedule.configure", connection))),
        ),
      ],
      ["connect new accounts", ...logins.map((login) => yesOrNo(can(login, "accounts.connect")))],
      ["manage the team", ...logins.map((login) => yesOrNo(can(login, "team.manage")))],
    ],
    { compact: true },
  );
  const [connection = ""] = post.connections;
  printTable(
    [
      { title: "", width: 26 },
      { title: "", width: 71 },
    ],
    [
      ["Why the owner cannot ask", formatDecision(explain(matrix.user(owner), "drafts.request-approval", post))],
      ["A grant for the owner?", `Refused: ${refusalOfGrant(matrix, owner, connection)}.`],
      ["The second login asks", formatDecision(explain(matrix.user(secondLogin), "drafts.request-approval", post))],
      ["Who can then approve", `${namesInLine(matrix.usersFor("drafts.approve", post), nameOf)}.`],
    ],
  );
}

/** Tries to set a user to Approval Required, and gives the library's message if it refuses. */
function refusalOfGrant(matrix: GrantMatrix<Buffer>, userId: string, connection: string): string {
  try {
    matrix.assign(userId, connection, { posting: "approval-required" });
    return "no refusal";
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
}
