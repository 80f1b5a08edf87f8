import { agreeOnApprovers } from "./agree.js";
import { pages, requests, review } from "./budgets.js";
import { approversIn, columnsOf, columnsPass } from "./columns.js";
import type { Competitor } from "./competitor.js";
import { unpacks } from "./forms.js";
import { limit } from "./limit.js";
import { approveChanged, assigns } from "./ours.js";
import { barPrepared, checkPrepared, visitPrepared } from "./prepared.js";
import {
  agency,
  bars,
  checks,
  competitors,
  each,
  feed,
  firstUser,
  forms,
  full,
  huge,
  million,
  overGroups,
  posts,
  reads,
  refill,
  trios,
  userGroups,
  visitors,
  visits,
  type Workload,
} from "./races.js";
import { collect } from "./rounds.js";
import { type Group, groupsOf, type UserRow, usersOf } from "./world.js";

// What is timed. Each workload runs in a process of its own, so none is influenced by another.

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
    prepare: () => bars(),
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
  "check-prepared": {
    title: "one check, a prepared group",
    target: 0.2,
    operations: 1_000,
    prepare: () => ({
      ...checks("publish.post-now", posts(), "anew"),
      "channel-grants": { run: checkPrepared(firstUser(), "publish.post-now", groupsOf(posts())) },
    }),
  },
  "bar-prepared": {
    title: "a bar of 12 buttons, a prepared group",
    target: 0.4,
    operations: 1_000,
    prepare: () => ({
      ...bars("again"),
      "channel-grants": { run: barPrepared(firstUser(), groupsOf(posts())) },
    }),
  },
  "feed-prepared": {
    title: "a feed of 10,000 prepared groups",
    target: 0.12,
    operations: 1,
    prepare: () => ({
      ...checks("publish.edit", feed(), "anew"),
      "channel-grants": { run: checkPrepared(firstUser(), "publish.edit", groupsOf(feed())) },
    }),
  },
  small: { title: "a user of 200 grants", target: 2, operations: full.users, time: 50, prepare: () => reads(full) },
  large: { title: "a user of 2,000 grants", target: 2, operations: huge.users, time: 50, prepare: () => reads(huge) },
  ...forms("small", "a user of 200 grants", full),
  ...forms("large", "a user of 2,000 grants", huge),
  token: {
    title: "a user of 50 grants from a token",
    target: 1,
    operations: 100,
    time: 50,
    prepare: () => unpacks({ ...agency, users: 100 }),
  },
  assign: {
    title: "a grant assigned among 5,000 users",
    most: 0.05,
    operations: 100,
    prepare: () => ({ "channel-grants": { run: assigns([...usersOf(agency)], 100) } }),
  },
  account: {
    title: "an account of 1,000,000 grants",
    target: 1,
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
    target: 0.6,
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
    target: 0.8,
    operations: 1_000,
    prepare: () => visits(),
  },
  "visit-prepared": {
    title: "the same, prepared groups",
    target: 0.2,
    operations: 1_000,
    prepare: () => ({
      ...visits(),
      "channel-grants": { run: visitPrepared([...usersOf(visitors)], "publish.post-now", groupsOf(posts())) },
    }),
  },
  "check-prepared-again": {
    title: "one check, a prepared group beside groups asked about before",
    operations: 1_000,
    prepare: () => ({
      ...checks("publish.post-now", posts()),
      "channel-grants": { run: checkPrepared(firstUser(), "publish.post-now", groupsOf(posts())) },
    }),
  },
  "approvers-anew": {
    title: "approvers, just after a change",
    target: 6,
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
  request: {
    title: "a request: a user of 50 grants from rows, one post checked",
    operations: 100,
    prepare: () => requests({ ...agency, users: 100 }, posts()),
  },
  page: {
    title: "a page: a user of 50 grants, the buttons of fifty posts",
    operations: 20,
    prepare: () => pages({ ...agency, users: 20 }, posts()),
  },
  review: {
    title: "a review of 1,000,000 grants",
    operations: 1,
    long: true,
    prepare: () => review(million),
  },
};

/** The approvers as each competitor lists them. */
export function approversOf(): Record<string, Competitor["approvers"]> {
  return Object.fromEntries(Object.entries(competitors).map(([name, { approvers }]) => [name, approvers]));
}

/** The approvers as the typed columns list them. */
export function columnApprovers(rows: readonly UserRow[]): (group: Group) => readonly string[] {
  const columns = columnsOf(rows);
  return (group) => approversIn(columns, group);
}
