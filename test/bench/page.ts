import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";

export interface Tables {
  readonly main: string;
  readonly beside: string;
  readonly others: string;
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
export function page({ main, beside, others }: Tables): string {
  return `# Performance

<!-- Written by \`npm run bench\`: a change made here is lost at the next run. -->

How long the library takes, beside three others that give the same answers. Every number on this page is from one run of

\`\`\`sh
npm run bench
\`\`\`

which writes the page, and three of its ratios into the README. It takes some minutes. \`npm run bench -- --only check\`
measures one row, and \`--quick\` measures in fewer rounds; neither writes anything.

${versions()}

## Results

${main}

Times and bytes are for one operation: one check, one bar, one feed, one list of approvers, one user, one account, one
grant, one import. The ratio is channel-grants to the limit: below 1, the library is ahead. Behind it, in brackets, is
where the middle half of all rounds lies.

Beside these, what caches make of it: V8's, the processor's, and the columns that a matrix keeps:

${beside}

## What is compared

- **channel-grants**: the built package, imported by its name, with the policy \`engage\`.
- **limit**: the idea of this library and nothing else. Each user is a \`Map\` from a connection's id to its bits; the
  bits of a group's connections are joined, all of them each time, and two masks decide. It has no policy, checks
  nothing that it is given, knows one model, and explains nothing. It is no rival but a yardstick. In two rows it is
  something else: for the approvers it is typed columns, for the import it is an empty module.
- **hand-written**: what a team writes without a library. Grants are plain objects, levels are strings in an order, a
  \`switch\` has the rules, and input is checked as it is read.
- **CASL**: \`@casl/ability\`, one ability for each user, with one right for each step of a level and for each flag. There
  are two good ways to write the rules. _By subject_: each connection is a subject type of its own, which is looked up.
  _By condition_: all connections are one subject type, and a rule has a list of ids, which is searched. The first is
  quicker to ask, the second quicker to build and smaller. A team has to choose one; here, each row of the table
  above has the better of the two. Both are below.

Before a workload is timed, all of them are asked the same questions, thousands of them, with strangers, repeated
connections and empty groups among them. One answer that differs ends the run.

The limit, and the same question to the library:

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

The account has 200 connections, in brands of ten. A user is granted whole brands: five of them, so 50 grants, where
nothing else is said. Most post groups are within one brand, some go across. Grants, groups and questions are drawn from
a fixed seed, so each run asks the same.

- **one check**: \`can(user, "publish.post-now", group)\` for one user with 50 grants, and a group of five connections of
  the account that was just parsed, as the body of a request was.
- **a bar of 12 buttons**: the eleven actions that Engage has on a post group, and \`publish.create\`. The library is asked
  twice: \`allowedActions(user, group)\` and \`can(user, "publish.create")\`. The others answer twelve questions, each for
  itself. The limit gives twelve bits, the others a list of names. The groups are those of the check.
- **a feed of 10,000 groups**: \`can(user, "publish.edit", group)\` for each post of the whole account, of which the user
  may edit a part. The feed was just parsed.
- **approvers among 5,000 users**: \`matrix.usersFor("publish.approve", group)\`, for groups of three. The limit here is
  one typed column of bits for each connection, in the order of the users, made for this one question: three columns are
  joined in a loop. Users cannot be asked for in it. The library makes such columns when it is first asked about a
  connection, and keeps them with the matrix: they are there in all rounds of this row.
- **approvers, just after a change**: the same, of a matrix that an assignment has just given, which has no columns yet
  and makes those of each group that is asked about. The others change in place and prepare nothing.
- **a user of 200 grants**, **of 2,000 grants**: \`createUser\`, from plain objects. The hand-written version checks its
  input, too. The limit and CASL check nothing, and CASL prepares a condition only when it is first asked.
- **an account of 1,000,000 grants**: \`createMatrix\`, for 5,000 users on 200 connections, read from fresh input each
  time.
- **bytes for each grant**: what that account holds once its input is gone, in the heap and outside of it, in a process
  of its own. Ids are not counted. The hand-written version keeps the strings of its levels as they were parsed. A matrix
  is packed, and each user who is asked for adds a \`Map\`, kept for the next time: the other numbers have an account of
  which every user was asked for.
- **the import**: in a fresh process, as Node resolves the package: an ES module that gives what the CommonJS one has, so
  that there is one copy. Below is the ES module that bundlers take.
- **one check, of groups asked about before**: the same 1,000 groups over and over. V8 keeps the hash of a string, so an
  id that is asked about again is quicker to look up, and what the library does besides shows: to find what the user
  holds, and to check what it is asked. No host asks so, but many benchmarks do.
- **one check, of the user's own groups**: nine in ten groups are drawn from the user's brands, and about a third of the
  answers is yes, which takes all connections of a group.
- **a feed of which no access ends nothing**: \`publish.view\`, for which no access beside an accessible connection
  counts as view-only, so only a yes ends the reading.
- **a user of 200 grants, parsed anew**: the same row, but each pass has input that was never read.
- **one check, another user each time**: 1,000 users of a matrix in turn, each with a post of the whole account. It
  needs more memory than the caches nearest to the processor have.

## The other numbers

${others}

## How far to trust it

- All ids come from \`JSON.parse\`, for each competitor from its own, as in a server: an id in a request is another string
  than the equal one among a user's grants. A pass over groups has parsed them anew, save where a row
  says otherwise.
- Each workload runs in a process of its own, and each competitor in loops of its own, so none spoils the code that V8
  makes for another.
- Rounds are interleaved and short, 21 of them, each begun by another competitor; the import has 15. A time is the median over the rounds
  of a round's mean, so garbage collection is in it. A ratio is taken within a round, and the median of all is given:
  when the machine is busy, times suffer more than ratios.
- The limit always reads all connections of a group. The library and the hand-written version may stop at the first that
  decides, as real code does, so they can be ahead of it.
- The account of a million grants is built in three rounds, and bytes are counted once.
- Only ratios carry over to another machine, and they do so roughly.
`;
}

function versions(): string {
  const lines = [
    `Node ${process.versions.node}, V8 ${process.versions.v8}`,
    `channel-grants ${versionIn("package.json")}`,
    `@casl/ability ${versionIn("node_modules/@casl/ability/package.json")}`,
    `tinybench ${versionIn("node_modules/tinybench/package.json")}`,
    `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${availableParallelism()} cores, ${process.platform}`,
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}

function versionIn(path: string): string {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).version;
}
