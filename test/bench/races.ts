import { agreeOnUser } from "./agree.js";
import type { Competitor, Pass } from "./competitor.js";
import { conditions } from "./conditions.js";
import { readsOf, readsOfRows } from "./forms.js";
import { limit } from "./limit.js";
import { naive } from "./naive.js";
import { ours } from "./ours.js";
import { permix } from "./permix.js";
import type { Timed } from "./rounds.js";
import { subjects } from "./subjects.js";
import { team } from "./team.js";
import { type Account, type Group, type GroupAction, groupsOf, groupsText, type UserRow, usersOf } from "./world.js";

// Who is compared, on which accounts, and how a pass is prepared for each.

/** The competitors by their names in the tables; the first is what the others must agree with. */
export const competitors = {
  "channel-grants": ours,
  limit,
  "hand-written": team,
  "CASL by subject": subjects,
  "CASL by condition": conditions,
  Permix: permix,
  naive,
} as const satisfies Record<string, Competitor>;

export interface Workload {
  readonly title: string;
  /** What the ratio to the limit should be at most; missing where a row only informs. */
  readonly target?: number;
  /** What one operation should take at most, in milliseconds, where there is nothing to compare with. */
  readonly most?: number;
  /** How often a pass does what the row is about. */
  readonly operations: number;
  /** How long a competitor runs in a round, in milliseconds, where it is not 20. */
  readonly time?: number;
  readonly long?: boolean;
  /** Checks that the answers are equal, and gives what is timed. */
  prepare(): Record<string, Timed>;
}

// Twenty brands of ten connections each: a user is granted five of them, fifty of two hundred connections.
export const agency: Account = { users: 5_000, brands: 20, brandsOfUser: 5 };
export const one: Account = { ...agency, users: 1 };
export const full: Account = { users: 20, brands: 20, brandsOfUser: 20 };
export const huge: Account = { users: 5, brands: 200, brandsOfUser: 200 };
export const visitors: Account = { ...agency, users: 1_000 };
/** An account of a million grants. */
export const million: Account = { users: 5_000, brands: 20, brandsOfUser: 20 };

export const userGroups = () => groupsText(one, 1_000, 5, "user");
export const posts = () => groupsText(agency, 1_000, 5, "account");
export const feed = () => groupsText(agency, 10_000, 5, "account");
export const trios = () => groupsText(agency, 5, 3, "account");

/** The workloads of users whose grants come in other forms. */
export function forms(name: string, title: string, account: Account): Record<string, Workload> {
  const shared = { target: 2.5, operations: account.users, time: 50 };
  return {
    [`${name}-map`]: { ...shared, title: `${title} in a Map`, prepare: () => readsOf(account, "Map") },
    [`${name}-entries`]: { ...shared, title: `${title} as entries`, prepare: () => readsOf(account, "entries") },
    [`${name}-rows`]: { ...shared, title: `${title} as rows of a driver`, prepare: () => readsOfRows(account) },
  };
}

export function bars(again?: "again"): Record<string, Timed> {
  const text = posts();
  agreeOnUser(competitors, firstUser(), groupsOf(text));
  return each((competitor) =>
    again
      ? { run: competitor.bar(firstUser(), groupsOf(text)) }
      : overGroups(text, (groups) => competitor.bar(firstUser(), groups)),
  );
}

export function visits(): Record<string, Timed> {
  const text = posts();
  agreeOnUser(competitors, firstUser(), groupsOf(text));
  return each((competitor) =>
    overGroups(text, (groups) => competitor.visit([...usersOf(visitors)], "publish.post-now", groups)),
  );
}

export function checks(action: GroupAction, text: string, anew?: "anew"): Record<string, Timed> {
  agreeOnUser(competitors, firstUser(), groupsOf(text));
  return each((competitor) =>
    anew
      ? overGroups(text, (groups) => competitor.check(firstUser(), action, groups))
      : { run: competitor.check(firstUser(), action, groupsOf(text)) },
  );
}

/** Gives a pass over groups that are parsed anew before each, as the body of a request is. */
export function overGroups(text: string, passOver: (groups: readonly Group[]) => Pass): Timed {
  const groups = groupsOf(text);
  return { run: passOver(groups), before: () => refill(groups, () => groupsOf(text)) };
}

export function reads(account: Account, anew?: "anew"): Record<string, Timed> {
  for (const row of usersOf(account)) agreeOnUser(competitors, row, groupsOf(userGroups()).slice(0, 20));
  return each((competitor) => {
    const rows = [...usersOf(account)];
    const text = JSON.stringify(rows);
    const run = competitor.read(rows);
    return anew ? { run, before: () => refill(rows, () => JSON.parse(text)) } : { run };
  });
}

/** Prepares each competitor with data of its own: looking a string up as a key changes it inside V8. */
export function each(prepare: (competitor: Competitor) => Timed): Record<string, Timed> {
  return Object.fromEntries(Object.entries(competitors).map(([name, competitor]) => [name, prepare(competitor)]));
}

export function firstUser(): UserRow {
  const [row] = usersOf(one);
  return row as UserRow;
}

export function refill<Item>(items: Item[], next: () => readonly Item[]): void {
  // The old ones are let go first, so that they are never held beside the new ones.
  items.length = 0;
  for (const item of next()) items.push(item);
}
