import { agreeOnApprovers, agreeOnUser } from "./agree.js";
import { approversIn, columnsOf, columnsPass } from "./columns.js";
import type { Competitor, Pass } from "./competitor.js";
import { conditions } from "./conditions.js";
import { limit } from "./limit.js";
import { approveChanged, ours } from "./ours.js";
import { collect, type Timed } from "./rounds.js";
import { subjects } from "./subjects.js";
import { team } from "./team.js";
import { type Account, type Group, type GroupAction, groupsOf, groupsText, type UserRow, usersOf } from "./world.js";

// What is timed. Each workload runs in a process of its own, so none is influenced by another.

/** The competitors by their names in the tables; the first is what the others must agree with. */
export const competitors = {
  "channel-grants": ours,
  limit,
  "hand-written": team,
  "CASL by subject": subjects,
  "CASL by condition": conditions,
} as const satisfies Record<string, Competitor>;

export interface Workload {
  readonly title: string;
  /** What the ratio to the limit should be at most; missing where a row only informs. */
  readonly target?: number;
  /** How often a pass does what the row is about. */
  readonly operations: number;
  /** How long a competitor runs in a round, in milliseconds, where it is not 20. */
  readonly time?: number;
  readonly long?: boolean;
  /** Checks that the answers are equal, and gives what is timed. */
  prepare(): Record<string, Timed>;
}

// Twenty brands of ten connections each: a user is granted five of them, fifty of two hundred connections.
const agency: Account = { users: 5_000, brands: 20, brandsOfUser: 5 };
const one: Account = { ...agency, users: 1 };
const full: Account = { users: 20, brands: 20, brandsOfUser: 20 };
const huge: Account = { users: 5, brands: 200, brandsOfUser: 200 };
/** An account of a million grants. */
export const million: Account = { users: 5_000, brands: 20, brandsOfUser: 20 };

const userGroups = () => groupsText(one, 1_000, 5, "user");
const posts = () => groupsText(agency, 1_000, 5, "account");
const feed = () => groupsText(agency, 10_000, 5, "account");
const trios = () => groupsText(agency, 5, 3, "account");

/** All workloads by the names that `--only` takes. */
export const workloads: Readonly<Record<string, Workload>> = {
  check: {
    title: "one check",
    target: 0.75,
    operations: 1_000,
    prepare: () => checks("publish.post-now", posts(), "anew"),
  },
  bar: {
    title: "a bar of 12 buttons",
    target: 0.6,
    operations: 1_000,
    prepare() {
      const text = posts();
      agreeOnUser(competitors, firstUser(), groupsOf(text));
      return each((competitor) => overGroups(text, (groups) => competitor.bar(firstUser(), groups)));
    },
  },
  feed: {
    title: "a feed of 10,000 groups",
    target: 0.6,
    operations: 1,
    prepare: () => checks("publish.edit", feed(), "anew"),
  },
  approvers: {
    title: "approvers among 5,000 users",
    target: 4,
    operations: 5,
    prepare() {
      const text = trios();
      const groups = groupsOf(text);
      const rows = [...usersOf(agency)];
      agreeOnApprovers({ ...approversOf(), "typed columns": columnApprovers }, rows, groups);
      return {
        ...each((competitor) => overGroups(text, (parsed) => competitor.approve([...usersOf(agency)], parsed))),
        limit: overGroups(text, (parsed) => columnsPass([...usersOf(agency)], parsed)),
        "one Map for each user": overGroups(text, (parsed) => limit.approve([...usersOf(agency)], parsed)),
      };
    },
  },
  small: { title: "a user of 200 grants", target: 4, operations: full.users, time: 50, prepare: () => reads(full) },
  large: { title: "a user of 2,000 grants", target: 4, operations: huge.users, time: 50, prepare: () => reads(huge) },
  account: {
    title: "an account of 1,000,000 grants",
    operations: 1,
    long: true,
    prepare() {
      agreeOnApprovers(approversOf(), [...usersOf({ ...million, users: 100 })], groupsOf(trios()));
      const texts = Array.from(usersOf(million), (row) => JSON.stringify(row));
      const rows: UserRow[] = [];
      return each((competitor) => ({
        before() {
          refill(rows, () => texts.map((text) => JSON.parse(text)));
          collect();
        },
        run: () => competitor.hold(rows).size,
      }));
    },
  },
  "check-again": {
    title: "one check, of groups asked about before",
    operations: 1_000,
    prepare: () => checks("publish.post-now", posts()),
  },
  "check-own": {
    title: "one check, of the user's own groups",
    operations: 1_000,
    prepare: () => checks("publish.post-now", userGroups(), "anew"),
  },
  "feed-view": {
    title: "a feed of which no access ends nothing",
    operations: 1,
    prepare: () => checks("publish.view", feed(), "anew"),
  },
  visit: {
    title: "one check, another user each time",
    operations: 1_000,
    prepare() {
      const text = groupsText(agency, 1_000, 5, "account");
      agreeOnUser(competitors, firstUser(), groupsOf(text));
      const users = { ...agency, users: 1_000 };
      return each((competitor) =>
        overGroups(text, (groups) => competitor.visit([...usersOf(users)], "publish.post-now", groups)),
      );
    },
  },
  "approvers-anew": {
    title: "approvers, just after a change",
    operations: 5,
    prepare() {
      const text = trios();
      const changed = approveChanged([...usersOf(agency)], groupsOf(text));
      return {
        ...each((competitor) => overGroups(text, (groups) => competitor.approve([...usersOf(agency)], groups))),
        "channel-grants": changed,
        limit: overGroups(text, (groups) => columnsPass([...usersOf(agency)], groups)),
      };
    },
  },
  "small-anew": {
    title: "a user of 200 grants, parsed anew",
    operations: full.users,
    time: 50,
    prepare: () => reads(full, "anew"),
  },
};

function checks(action: GroupAction, text: string, anew?: "anew"): Record<string, Timed> {
  agreeOnUser(competitors, firstUser(), groupsOf(text));
  return each((competitor) =>
    anew
      ? overGroups(text, (groups) => competitor.check(firstUser(), action, groups))
      : { run: competitor.check(firstUser(), action, groupsOf(text)) },
  );
}

/** Gives a pass over groups that are parsed anew before each, as the body of a request is. */
function overGroups(text: string, passOver: (groups: readonly Group[]) => Pass): Timed {
  const groups = groupsOf(text);
  return { run: passOver(groups), before: () => refill(groups, () => groupsOf(text)) };
}

function reads(account: Account, anew?: "anew"): Record<string, Timed> {
  for (const row of usersOf(account)) agreeOnUser(competitors, row, groupsOf(userGroups()).slice(0, 20));
  return each((competitor) => {
    const rows = [...usersOf(account)];
    const text = JSON.stringify(rows);
    const run = competitor.read(rows);
    return anew ? { run, before: () => refill(rows, () => JSON.parse(text)) } : { run };
  });
}

/** Prepares each competitor with data of its own: looking a string up as a key changes it inside V8. */
function each(prepare: (competitor: Competitor) => Timed): Record<string, Timed> {
  return Object.fromEntries(Object.entries(competitors).map(([name, competitor]) => [name, prepare(competitor)]));
}

function firstUser(): UserRow {
  const [row] = usersOf(one);
  return row as UserRow;
}

/** The approvers as each competitor lists them. */
export function approversOf(): Record<string, Competitor["approvers"]> {
  return Object.fromEntries(Object.entries(competitors).map(([name, { approvers }]) => [name, approvers]));
}

/** The approvers as the typed columns list them. */
export function columnApprovers(rows: readonly UserRow[]): (group: Group) => readonly string[] {
  const columns = columnsOf(rows);
  return (group) => approversIn(columns, group);
}

function refill<Item>(items: Item[], next: () => readonly Item[]): void {
  // The old ones are let go first, so that they are never held beside the new ones.
  items.length = 0;
  for (const item of next()) items.push(item);
}
