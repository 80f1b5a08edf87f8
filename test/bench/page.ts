import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { showTime } from "./table.js";

export interface Tables {
  readonly main: string;
  readonly beside: string;
  readonly others: string;
  readonly budgets: string;
}

/** What a page is made of. */
export interface Measured {
  readonly tables: Tables;
  /** The table of growth as it is in the page: another command writes it. */
  readonly growth: string;
  /** Gives what one operation of a row takes, in milliseconds. */
  time(row: string): number;
  /** The bytes for each grant. */
  readonly bytes: number;
}

const growthStarts = "<!-- growth: written by `npm run growth` -->";
const growthEnds = "<!-- growth ends -->";

/** Gives the table of growth in a page. */
export function growthIn(page: string): string {
  const [, rest = ""] = page.split(growthStarts);
  return (rest.split(growthEnds)[0] ?? "").trim();
}

/** Gives a page with another table of growth. */
export function withGrowth(page: string, growth: string): string {
  const [before, rest] = page.split(growthStarts);
  const after = rest?.split(growthEnds)[1];
  if (after === undefined) throw new Error("docs/performance.md has no place for the table of growth");
  return `${before}${growthStarts}\n\n${growth}\n\n${growthEnds}${after}`;
}

/** Gives the README with other ratios: of a check, of a bar, of the bytes of a grant. */
export function readmeWith(readme: string, ratios: readonly number[]): string {
  const [check, bar, bytes] = ratios.map((ratio) => ratio.toFixed(2));
  return readme
    .replace(/(parsed takes )\d+\.\d+/, `$1${check}`)
    .replace(/(buttons\s+takes )\d+\.\d+/, `$1${bar}`)
    .replace(/(holds a grant\s+in )\d+\.\d+/, `$1${bytes}`);
}

/** Gives the whole of docs/performance.md. */
export function page({ tables, growth, time, bytes }: Measured): string {
  const { main, beside, others, budgets } = tables;
  const share = (milliseconds: number, of: number) => `${((milliseconds / of) * 100).toPrecision(2)} %`;
  return `# Performance

<!-- Written by \`npm run bench\`: a change made here is lost at the next run. -->

For readers who want to know one thing: what will this library cost my request, my page, my worker? At the end of this page
you know what three usual pieces of work take, what each call costs beside four alternatives with the same answers, and how
far to trust the figures.

## Three budgets

${budgets}

**A request.** A backend loads the user's fifty grants as rows of a database, makes a user of them, and checks one post of
five connections. All of it takes ${showTime(time("request"))}, and nearly all of that is to read the rows; the check itself
takes ${showTime(time("check"))}. Of a request that takes 20 ms, this is ${share(time("request"), 20)}. The query that loads
the rows takes far longer, so there is nothing to gain from keeping users between requests, where they could be out of date.
A user who comes in a token instead of rows takes ${showTime(time("token"))}.

**A page.** A page shows fifty posts, each with its buttons: \`allowedActions(user, post)\` for each of them. With the user's
fifty grants read before, it takes ${showTime(time("page"))}. That is less than a browser takes to draw one of the posts. If
the server draws the page for many readers, prepare the groups once: a bar of twelve buttons then takes
${showTime(time("bar-prepared"))} instead of ${showTime(time("bar"))}.

**A worker.** Once a night, a worker reviews an account of 5,000 users with 1,000,000 grants on 200 connections: it builds the
matrix from rows that were parsed before, and \`reviewAccess\` lists who may do what on each connection. Both together take
${showTime(time("review"))}; to build the matrix alone takes ${showTime(time("account"))}. The matrix holds
${bytes.toFixed(1)} bytes for each grant, so some ${Math.round(bytes)} MB. The rows that it is read from are much
larger: read them in parts if memory is short, and let each part go.

What this means for your code:

- Do not cache answers. A check costs less than a look-up in a cache outside of the process, and it is never out of date.
- Make a user once for each request, and ask it as often as you like.
- To ask about one post for many users or many actions, [prepare its group](decisions.md#prepared-groups).
- To ask who may do something, ask a matrix: \`usersFor\` goes through 5,000 users in ${showTime(time("approvers"))}, and in
  ${showTime(time("approvers-anew"))} just after a change. A change itself, such as \`assign\`, takes
  ${showTime(time("assign"))} there.

## Each call

Every figure comes from one run of this command, which writes this page and three ratios into the README:

\`\`\`sh
npm run bench
\`\`\`

The run takes some minutes. \`npm run bench -- --only check\` measures one row, and \`--quick\` runs fewer rounds. Neither
writes anything.

${versions()}

${main}

Times and bytes are for one operation: one check, one bar, one feed, one list of approvers, one user, one account, one
grant, one import. The ratio compares channel-grants with the limit: below 1, the library is faster or smaller. The range
in brackets holds the middle half of all rounds.

These rows show the effect of caches: V8's and the processor's.

${beside}

## Growth

How the time of each call grows with its input, in milliseconds. An exponent of 1 is linear growth. The largest inputs fit
into no memory cache, which adds to it: the first two rows are of plain loops, and show how much. \`npm run growth\` writes
this table.

${growthStarts}

${growth}

${growthEnds}

## What is compared

- **channel-grants**: the built package, imported by its name, with the policy \`engage\`.
- **limit**: the idea of this library and nothing else, as a yardstick. Each user is a \`Map\` from a connection's id to
  bits. The bits of all connections of a group are joined, and two masks decide. It has no policy, checks no input, knows
  one model, and explains nothing. In some rows the limit is something else: typed columns for the approvers, what the
  finished account holds for the bytes at most while it is built, and an empty module for the import.
- **hand-written**: the code that a team writes without a library. Grants are plain objects, levels are ordered strings, a
  \`switch\` has the rules, and input is checked when it is read.
- **naive**: the first thing that works. Grants are the rows of the table, searched for each connection. Nothing is checked.
- **CASL**: \`@casl/ability\`, with one ability for each user, and one right for each step of a level and for each flag.
  There are two good ways to write the rules. _By subject_: each connection is a subject type, which is looked up. _By
  condition_: all connections are one subject type, and a rule has a list of ids, which is searched. The first is faster to
  ask; the second is smaller and faster to build. A team must choose one. Each row of the tables above shows the better
  one, and the table below shows both.
- **Permix**: \`permix\`, with the same rights, each a function that looks a connection up in a set. It has no groups and no
  lists of users: those are written by hand around it.

Before a workload is timed, all competitors answer the same thousands of questions, including strangers, repeated
connections and empty groups. If one answer differs, the run stops. Where a competitor has no figure, it cannot say the
question, or the row is about the form in which this library takes its input.

This is the same question, asked of the library and of the limit:

\`\`\`ts
import { can, createUser, engage } from "channel-grants";

const post = { connections: ["fb", "ig"] };

const ana = createUser(engage, {
  id: "ana",
  role: "viewer",
  grants: { fb: { publish: "full-access" }, ig: { publish: "needs-approval" } },
});
can(ana, "publish.post-now", post); // false

const state = { none: 1, view: 2, viewApprover: 4, needs: 8, full: 16, fullApprover: 32 };
const held = new Map([
  ["fb", state.full],
  ["ig", state.needs],
]);
const forbidden = state.none | state.view | state.viewApprover | state.needs;
const required = state.full | state.fullApprover;

let standing = 0;
for (const connection of post.connections) standing |= held.get(connection) ?? state.none;
(standing & forbidden) === 0 && (standing & required) !== 0; // false
\`\`\`

## The rows

The account has 200 connections, in brands of ten. If a row says nothing else, a user holds five whole brands, so 50
grants. Most post groups are within one brand, and some span several. Grants, groups and questions are drawn from a fixed
seed, so every run asks the same.

- **one check**: \`can(user, "publish.post-now", group)\` for one user with 50 grants, and a group of five connections of
  the account, parsed just before, like the body of a request.
- **a bar of 12 buttons**: the eleven actions that Engage has on a post group, and \`publish.create\`. The library is asked
  twice: \`allowedActions(user, group)\` and \`can(user, "publish.create")\`. The others answer twelve questions. The limit
  returns twelve bits, the others a list of names. The groups are those of the check.
- **a feed of 10,000 groups**: \`can(user, "publish.edit", group)\` for each post of the account, parsed just before. The
  user may edit a part of them.
- **a prepared group**, **prepared groups**: the same questions, with groups that \`matrix.group\` prepared before. The others
  have no such thing: for the check and the feed they read groups that were parsed just before, and for the bar groups that
  were asked about before. The second table has the check beside groups that were asked about before.
- **approvers among 5,000 users**: \`matrix.usersFor("publish.approve", group)\`, for groups of three. Here, the limit is one
  typed column of bits for each connection, in the order of the users; a loop joins three columns. It answers this one
  question only. The library makes such columns when it is first asked about a connection, and keeps them with the account.
  In this row they exist from the start.
- **approvers, just after a change**: the same question to a matrix that \`assign\` has just returned. A column of the matrix
  before is copied, and only what changed is read again. The others change their data in place and prepare nothing.
- **a grant assigned among 5,000 users**: \`matrix.assign\`, a hundred times one after another. The others change what they
  hold in place.
- **a user of 200 grants**, **of 2,000 grants**: \`createUser\`, from plain objects, from a \`Map\`, from entries, or from rows
  with every column, made into entries by the application; the rows are parsed anew for each pass. The hand-written version
  checks its input too. The others check nothing, and CASL prepares a condition only when it is first asked.
- **a user of 50 grants from a token**: \`unpackUser\`, beside the limit reading rows that were parsed before.
- **an account of 1,000,000 grants**: \`createMatrix\`, for 5,000 users on 200 connections, with fresh input each time.
- **bytes for each grant**: the memory of that account after its input is gone, on the heap and outside of it, in its own
  process, without ids. The hand-written version keeps the strings of its levels as they were parsed. A matrix is packed,
  and each user that is asked for adds some bytes. The other table has an account of which every user was asked for.
- **bytes at most while that account is built**: what is in use, garbage aside, when each hundredth user is read. Each user
  is made when it is read, so the input does not count.
- **the import**: in a fresh process, as Node resolves the package: an ES module that re-exports the CommonJS one, so that
  there is one copy. The other table has the ES module that bundlers take.
- **one check, of groups asked about before**: the same 1,000 groups again and again. V8 keeps the hash of a string, so a
  repeated id is faster to look up, and the rest of the library's work shows: finding what the user holds, and checking the
  question. No application asks like this, but many benchmarks do.
- **one check, of the user's own groups**: nine of ten groups are from the user's brands. About a third of the answers are
  yes, and a yes takes all connections of a group.
- **a feed of which no access ends nothing**: \`publish.view\`. No access beside an accessible connection counts as
  view-only, so only a yes ends the reading early.
- **a user of 200 grants, parsed anew**: the same row, but each pass has input that was never read.
- **one check, another user each time**: 1,000 users of a matrix in turn, each with a post of the account. Their data does
  not fit into the processor's fastest caches.

## The other numbers

${others}

## How far to trust it

- Every competitor gets ids of its own from \`JSON.parse\`, as on a server: an id in a request is another string than the
  equal one among a user's grants. A pass over groups parses them anew, unless a row says otherwise.
- Each workload runs in its own process, and each competitor in its own loops. So none spoils the code that V8 makes for
  another.
- There are 21 short, interleaved rounds, each started by another competitor; the import has 15. A time is the median of
  the rounds' means, so it includes garbage collection. A ratio is taken within a round, and the page gives the median of
  all rounds. On a busy machine, times suffer more than ratios.
- The limit always reads all connections of a group. The library and the hand-written version may stop at the first one
  that decides, as real code does. So they can be faster than the limit.
- The account of a million grants is built in three rounds, and bytes are counted once.
- Only ratios carry over to another machine, and they do so roughly.
`;
}

function versions(): string {
  const lines = [
    `Node ${process.versions.node}, V8 ${process.versions.v8}`,
    `channel-grants ${versionIn("package.json")}`,
    `@casl/ability ${versionIn("node_modules/@casl/ability/package.json")}`,
    `permix ${versionIn("node_modules/permix/package.json")}`,
    `tinybench ${versionIn("node_modules/tinybench/package.json")}`,
    `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${availableParallelism()} cores, ${process.platform}`,
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}

function versionIn(path: string): string {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).version;
}
