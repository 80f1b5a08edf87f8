import {
  type ActionOf,
  accessLevel,
  allowedActions,
  can,
  createUser,
  type Denied,
  type Engage,
  engage,
  explain,
  formatDecision,
  type GrantMatrix,
  type LevelOf,
} from "channel-grants";
import {
  label,
  type NameOf,
  nameLines,
  namesInLine,
  type Post,
  type PostOf,
  postCell,
  printHeading,
  printTable,
  printText,
  titleLines,
  yesOrNo,
} from "./tables.js";

type PublishLevel = LevelOf<Engage, "publish">;

interface WorkedExample {
  readonly onA: PublishLevel;
  readonly onB: PublishLevel;
  /** The level that the Engage document gives for a post to both. */
  readonly stated: PublishLevel;
}

const workedExamples: readonly WorkedExample[] = [
  { onA: "full-access", onB: "view-only", stated: "view-only" },
  { onA: "full-access", onB: "no-access", stated: "view-only" },
  { onA: "full-access", onB: "needs-approval", stated: "needs-approval" },
  { onA: "full-access", onB: "full-access", stated: "full-access" },
];

/** Asks the library each of the four worked examples of the Engage document, for a post to accounts A and B. */
export function printWorkedExamples(): void {
  printHeading("The four worked examples of the Engage document");
  printText(
    "The Engage document is Meltwater Engage's help article on user governance permissions.",
    "One post goes to account A and to account B. What may its author do with it?",
  );
  const post = { connections: ["account-a", "account-b"] };
  const rows = workedExamples.map(({ onA, onB, stated }) => {
    const author = createUser(engage, {
      id: "author",
      role: "viewer",
      grants: { "account-a": { publish: onA }, "account-b": { publish: onB } },
    });
    const level = accessLevel(author, "publish", post);
    return [
      label(onA),
      label(onB),
      label(stated),
      `${label(level)}\n${level === stated ? "✓ agrees" : "✗ differs"}`,
      yesOrNo(can(author, "publish.post-now", post)),
      allowedActions(author, post).map(withoutArea).join(", "),
    ];
  });
  printTable(
    [
      { title: "On A", width: 13 },
      { title: "On B", width: 16 },
      { title: "Document says", width: 16 },
      { title: "Library says", width: 16 },
      { title: "Post now?", width: 11 },
      { title: "All that is allowed", width: 21 },
    ],
    rows,
  );
}

/** Says of every post who may do what with it in Publish, and who can be chosen to approve it. */
export function printPosts(matrix: GrantMatrix<Engage>, posts: readonly Post[], nameOf: NameOf): void {
  printHeading("Every post in Engage: who may do what");
  const admins = matrix.users().filter((id) => matrix.user(id).role === "admin");
  const blindAdmins = admins.filter((id) => matrix.visibleConnections(id, "publish").length === 0);
  printText(
    "Everybody is in one of the first three columns at most; who is in none of them cannot see the post.",
    "Looking includes tagging, assigning and cloning into a new post, as the worked examples show.",
    "The approver drop-down is a list of its own: an approver may be somebody who otherwise only looks.",
    "An admin's role gives no level (rule E4), so admins without a grant in Publish are in no column:",
    `  ${namesInLine(blindAdmins, nameOf)}`,
  );
  const rows = posts.map((post) => {
    const mayPost = matrix.usersFor("publish.post-now", post);
    const maySubmit = matrix.usersFor("publish.submit", post);
    const mayView = matrix.usersFor("publish.view", post);
    return [
      postCell(post),
      nameLines(mayPost, nameOf),
      nameLines(without(maySubmit, mayPost), nameOf),
      nameLines(without(mayView, maySubmit), nameOf),
      nameLines(matrix.usersFor("publish.approve", post), nameOf),
    ];
  });
  printTable(
    [
      { title: "Post", width: 26 },
      { title: "May post now", width: 17 },
      { title: "Must ask first", width: 17 },
      { title: "May only look", width: 17 },
      { title: "In drop-down", width: 17 },
    ],
    rows,
  );
  for (const { title, connections } of posts.filter((post) => matrix.usersFor("publish.view", post).length === 0)) {
    printText(`Nobody may see "${title}", for nobody has access to ${connections.join(" or ")} in Publish.`);
  }
  const stuck = posts.filter((post) => {
    const asking = without(matrix.usersFor("publish.submit", post), matrix.usersFor("publish.post-now", post));
    return asking.length > 0 && matrix.usersFor("publish.approve", post).length === 0;
  });
  printText("Stuck for those who must ask, because nobody can approve:", ...titleLines(stuck));
}

/** Prints the table behind "Assign Users" of one connection: a person to a row, a drop-down to a cell. */
export function printAssignUsers(matrix: GrantMatrix<Engage>, connection: string, nameOf: NameOf): void {
  printHeading(`Assign Users, for the connection ${connection}`);
  const admins = matrix.usersFor("connections.assign-users");
  printText(`These admins may change it: ${namesInLine(admins, nameOf)}.`);
  const areas = [...areaTitles.keys()];
  const approverBeside = engage.areas.publish.flags?.approver ?? [];
  const cellsOf = (userId: string): string[] => {
    const grant = matrix.grant(userId, connection);
    const approver = approverBeside.includes(grant.publish) ? settingOf(grant.approver) : "-";
    return [...areas.map((area) => label(grant[area])), approver];
  };
  const assigned = matrix
    .users()
    .filter((id) => areas.some((area) => matrix.visibleConnections(id, area).includes(connection)));
  const others = without(matrix.users(), assigned);
  const [other] = others;
  printTable(
    ["Person", ...areaTitles.values(), "Approver"].map((title) => ({ title, width: 18 })),
    [
      ...assigned.map((id) => [nameOf(id), ...cellsOf(id)]),
      ...(other === undefined ? [] : [[`The ${others.length} others`, ...cellsOf(other)]]),
    ],
    { compact: true },
  );
  printText(
    "The choices in each drop-down:",
    ...[...areaTitles].map(([area, title]) => `  ${title}: ${engage.areas[area].levels.map(label).join(", ")}`),
    `  Approver: On or Off beside ${approverBeside.map(label).join(" or ")} in Publish, otherwise not available (-)`,
  );
}

const areaTitles = new Map([
  ["conversations", "Conversations"],
  ["publish", "Publish"],
  ["analytics", "Social Analytics"],
] as const);

/** Explains three refusals, repairs each as its explanation says, and asks again. */
export function printRefusals(matrix: GrantMatrix<Engage>, postOf: PostOf, nameOf: NameOf): void {
  printHeading("Three refusals, and what repairs them");
  printText("Each repair is made on a copy, so the agency stays as it is and the next case starts from there.");
  const hamper = postOf("breakfast-hamper");
  printText(`1. May ${nameOf("callum")} post "${hamper.title}" now?`);
  printRefusedPost(matrix, "callum", "publish.post-now", hamper, nameOf);
  const stay = postOf("stay-and-see");
  printText(`2. May ${nameOf("tomas")} approve "${stay.title}"?`);
  printRefusedPost(matrix, "tomas", "publish.approve", stay, nameOf);
  printText(`3. May ${nameOf("maya")} change what others may do?`);
  printRefusedRole(matrix, "maya", "connections.assign-users", nameOf);
}

/** A refusal that grants can repair: the decision says which, and what each has to become. */
function printRefusedPost(
  matrix: GrantMatrix<Engage>,
  userId: string,
  action: ActionOf<Engage, "group">,
  post: Post,
  nameOf: NameOf,
): void {
  const decision = explain(matrix.user(userId), action, post);
  if (decision.allowed) throw new Error(`expected a refusal: ${formatDecision(decision)}`);
  const repaired = repair(matrix, decision);
  printCase([
    ["Refused", formatDecision(decision)],
    ["Reason", decision.reason],
    ["Repair", changesOf(decision).join("\n")],
    ["Asked again", formatDecision(explain(repaired.user(userId), action, post))],
    ["Who may, before", namesInLine(matrix.usersFor(action, post), nameOf)],
    ["Who may, after", namesInLine(repaired.usersFor(action, post), nameOf)],
  ]);
}

/** A refusal that no grant can repair: the decision says which roles would do. */
function printRefusedRole(
  matrix: GrantMatrix<Engage>,
  userId: string,
  action: ActionOf<Engage, "none">,
  nameOf: NameOf,
): void {
  const decision = explain(matrix.user(userId), action);
  const [role] = decision.allowed ? [] : (decision.roles ?? []);
  if (decision.allowed || role === undefined) throw new Error(`expected a role: ${formatDecision(decision)}`);
  const repaired = matrix.putUser({ ...matrix.user(userId).toJSON(), role });
  printCase([
    ["Refused", formatDecision(decision)],
    ["Reason", decision.reason],
    ["Repair", `No grant would help. Change the role to ${label(role)}; the grants can stay as they are.`],
    ["Asked again", formatDecision(explain(repaired.user(userId), action))],
    ["Who may, before", namesInLine(matrix.usersFor(action), nameOf)],
    ["Who may, after", namesInLine(repaired.usersFor(action), nameOf)],
  ]);
}

function printCase(rows: readonly (readonly string[])[]): void {
  printTable(
    [
      { title: "", width: 17 },
      { title: "", width: 80 },
    ],
    rows,
    { compact: true },
  );
}

/** Gives the blockers what they need: every one, or the first where any one will do. */
function repair(matrix: GrantMatrix<Engage>, decision: Denied<Engage>): GrantMatrix<Engage> {
  const { user, blockers, unblock } = decision;
  const chosen = unblock === "any" ? blockers.slice(0, 1) : blockers;
  return chosen.reduce(
    (next, { connection, needs }) => next.assign(user, connection, { ...next.grant(user, connection), ...needs }),
    matrix,
  );
}

/** Puts into words what the repair changes on each blocker. */
function changesOf({ blockers, unblock }: Denied<Engage>): readonly string[] {
  const lines = blockers.map(({ connection, holds, needs }) => {
    const before = new Map(Object.entries(holds));
    const changes = Object.entries(needs)
      .filter(([key, value]) => before.get(key) !== value)
      .map(([key, value]) => `${label(key)} from ${settingOf(before.get(key))} to ${settingOf(value)}`);
    return `On ${connection}, change ${changes.join(" and ")}.`;
  });
  return unblock === "any" && lines.length > 1 ? ["Any one of these:", ...lines] : lines;
}

function settingOf(value: string | boolean | undefined): string {
  return typeof value === "string" ? label(value) : value ? "On" : "Off";
}

function without(userIds: readonly string[], others: readonly string[]): readonly string[] {
  return userIds.filter((id) => !others.includes(id));
}

function withoutArea(action: string): string {
  return action.slice(action.indexOf(".") + 1);
}
