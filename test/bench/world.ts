// The accounts that the benchmarks are about: seeded, so that every run asks the same questions. All of it goes through
// JSON, as in a server: an id in a request is another string than the equal one among a user's grants.

export type PublishLevel = "no-access" | "view-only" | "needs-approval" | "full-access";
export type ConversationsLevel = "no-access" | "view-only" | "full-access";
export type AnalyticsLevel = "no-access" | "full-access";

export interface GrantRow {
  readonly conversations?: ConversationsLevel;
  readonly publish?: PublishLevel;
  readonly approver?: boolean;
  readonly analytics?: AnalyticsLevel;
}

export interface UserRow {
  readonly id: string;
  readonly role: "admin" | "viewer";
  readonly grants: Readonly<Record<string, GrantRow>>;
}

export interface Group {
  readonly connections: readonly string[];
}

/** Every action on a post group that Engage has. */
export const groupActions = [
  "publish.view",
  "publish.tag",
  "publish.assign",
  "publish.clone",
  "publish.edit",
  "publish.delete",
  "publish.submit",
  "publish.schedule",
  "publish.post-now",
  "publish.approve",
  "publish.reject",
] as const;

export type GroupAction = (typeof groupActions)[number];

/** The bar of twelve buttons: a new post, and every action on the group. */
export const buttons = ["publish.create", ...groupActions] as const;

export type Button = (typeof buttons)[number];

/** An account's size: its connections come in brands of ten, and a user is granted whole brands. */
export interface Account {
  readonly users: number;
  readonly brands: number;
  readonly brandsOfUser: number;
}

/** Gives the users of an account, each read from JSON of its own, one by one. */
export function* usersOf(account: Account): Generator<UserRow> {
  for (let index = 0; index < account.users; index++) yield JSON.parse(JSON.stringify(userOf(account, index)));
}

/** Gives the body of a request for a number of post groups, to be parsed once for each competitor. */
export function groupsText(account: Account, count: number, size: number, drawnFrom: "user" | "account"): string {
  const random = randomFrom(count * 31 + size);
  const ofUser = brandsOf(account, 0);
  const ofAccount = Array.from({ length: account.brands }, (_, brand) => brand);
  const groups = Array.from({ length: count }, (): Group => {
    const brands = drawnFrom === "account" || random() < 0.1 ? ofAccount : ofUser;
    // Most posts go to the channels of one brand, some across brands.
    const among = random() < 0.8 ? [pick(brands, random)] : brands;
    const candidates = among.flatMap((brand) => connectionsOf(brand));
    return { connections: draw(candidates, size, random) };
  });
  return JSON.stringify(groups);
}

/** Gives the groups of a request's body. */
export function groupsOf(text: string): Group[] {
  return JSON.parse(text);
}

/** Gives the ten connections of a brand. Their ids are long enough for V8 not to share them as it parses. */
export function connectionsOf(brand: number): string[] {
  return Array.from({ length: 10 }, (_, index) => {
    const scattered = Math.imul(brand * 10 + index + 1, 0x9e3779b1) >>> 0;
    return `${networks[index % networks.length]}-${scattered.toString(16).padStart(8, "0")}`;
  });
}

const networks = ["facebook", "instagram", "linkedin", "youtube", "threads"];

/** A user has one usual grant for each of its brands, and a tenth of its grants are exceptions. */
function userOf(account: Account, index: number): UserRow {
  const random = randomFrom(index + 1);
  const grants: Record<string, GrantRow> = {};
  for (const brand of brandsOf(account, index)) {
    const usual = grantFrom(random);
    for (const connection of connectionsOf(brand)) grants[connection] = random() < 0.9 ? usual : grantFrom(random);
  }
  return { id: `user-${String(index).padStart(8, "0")}`, role: random() < 0.02 ? "admin" : "viewer", grants };
}

function brandsOf({ brands, brandsOfUser }: Account, index: number): number[] {
  const all = Array.from({ length: brands }, (_, brand) => brand);
  return brandsOfUser < brands ? draw(all, brandsOfUser, randomFrom(-1 - index)) : all;
}

/** Gives a grant as it is stored: what is at its lowest is left out. */
function grantFrom(random: () => number): GrantRow {
  const publish = pick(publishStates, random);
  const conversations = pick(conversationsStates, random);
  const analytics = random() < 0.5 ? { analytics: "full-access" as const } : {};
  return { ...conversations, ...publish, ...analytics };
}

// As often as they occur here, states are drawn.
const publishStates: readonly GrantRow[] = [
  {},
  { publish: "view-only" },
  { publish: "view-only", approver: true },
  { publish: "needs-approval" },
  { publish: "needs-approval" },
  { publish: "full-access" },
  { publish: "full-access" },
  { publish: "full-access" },
  { publish: "full-access", approver: true },
  { publish: "full-access", approver: true },
];

const conversationsStates: readonly GrantRow[] = [
  {},
  { conversations: "view-only" },
  { conversations: "full-access" },
  { conversations: "full-access" },
];

function draw<Item>(items: readonly Item[], count: number, random: () => number): Item[] {
  const left = [...items];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0] as Item);
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** Gives numbers from 0 to 1 that follow from a seed: the generator "mulberry32". */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
