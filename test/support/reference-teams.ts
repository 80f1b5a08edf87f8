import { type Definition, type GrantData, holdsOf, isOfAccount, type Person } from "./reference-model.js";

/**
 * What folding teams and brands means, written down a second time: every grant that reaches a user on a connection is put
 * into one list, and the list is thinned out until only the most specific ones are left. It shares nothing with the entry.
 */
export interface PlacedData {
  everywhere?: GrantData | undefined;
  brands?: [brand: string, grant: GrantData][];
  connections?: [connection: string, grant: GrantData][];
}
export interface HolderData {
  id: string;
  grants?: PlacedData;
  account?: GrantData;
}
export interface TeamsData {
  users: (HolderData & { role: string })[];
  connections: string[];
  teams: (HolderData & { members: string[] })[];
  brands: { id: string; connections: string[] }[];
}

export interface ModelSource {
  user?: string;
  team?: string;
  connection?: string;
  brand?: string;
  everywhere?: true;
  grant: GrantData;
}

/** What is left for a user on a connection: nothing, the grants that count, and what they join to, if they do. */
export interface ModelWinner {
  sources: ModelSource[];
  joined: GrantData | "clash";
}

export function modelWinner(
  definition: Definition,
  { users, teams, brands }: TeamsData,
  userId: string,
  connection: string,
): ModelWinner | undefined {
  const user = users.find(({ id }) => id === userId) as TeamsData["users"][number];
  if (holdsOf(definition, user, false)) return undefined;
  const reaching = (
    whom: object,
    { connections = [], brands: onBrands = [], everywhere }: PlacedData = {},
  ): ModelSource[][] => [
    connections.filter(([id]) => id === connection).map(([id, grant]) => ({ ...whom, connection: id, grant })),
    onBrands
      .filter(([id]) => brands.find((brand) => brand.id === id)?.connections.includes(connection))
      .map(([id, grant]) => ({ ...whom, brand: id, grant })),
    everywhere ? [{ ...whom, everywhere: true as const, grant: everywhere }] : [],
  ];
  const own = reaching({ user: userId }, user.grants);
  const ofTeams = teams
    .filter(({ members }) => members.includes(userId))
    .map(({ id, grants }) => reaching({ team: id }, grants));
  const byRank: ModelSource[][] = [...own, ...[0, 1, 2].map((place) => ofTeams.flatMap((each) => each[place] ?? []))];
  return winnerOf(definition, byRank, false);
}

export function modelAccountWinner(
  definition: Definition,
  { users, teams }: TeamsData,
  userId: string,
): ModelWinner | undefined {
  const user = users.find(({ id }) => id === userId) as TeamsData["users"][number];
  if (holdsOf(definition, user, true)) return undefined;
  const own = user.account ? [{ user: userId, grant: user.account }] : [];
  const ofTeams = teams
    .filter(({ members }) => members.includes(userId))
    .flatMap(({ id, account }) => (account ? [{ team: id, grant: account }] : []));
  return winnerOf(definition, [own, ofTeams], true);
}

function winnerOf(definition: Definition, byRank: ModelSource[][], ofAccount: boolean): ModelWinner | undefined {
  const sources = byRank.find((rank) => rank.length > 0);
  return (
    sources && {
      sources,
      joined: modelJoin(
        definition,
        sources.map(({ grant }) => grant),
        ofAccount,
      ),
    }
  );
}

/** Joins grants, each of them with each other one: a clash of any two is a clash of all. */
export function modelJoin(definition: Definition, grants: GrantData[], ofAccount: boolean): GrantData | "clash" {
  const isGrant = grants.every((one) =>
    grants.every((other) => isState(definition, joinOfAll(definition, [one, other], ofAccount), ofAccount)),
  );
  // The first end: from then on, it would be something else.
  const [until] = grants
    .flatMap((grant) => Object.entries(grant).flatMap(([key, end]) => (key === "until" ? [end] : [])))
    .sort();
  return isGrant ? { ...joinOfAll(definition, grants, ofAccount), ...(until !== undefined && { until }) } : "clash";
}

/** The account without the grants that have ended at an instant. */
export function modelAt(data: TeamsData, now: string): TeamsData {
  const isThere = (grant: GrantData) =>
    !Object.hasOwn(grant, "until") || Date.parse(grant.until as string) > Date.parse(now);
  const left = <Each extends HolderData>({ grants, account, ...rest }: Each) => ({
    ...rest,
    ...(grants && {
      grants: {
        ...(grants.everywhere && isThere(grants.everywhere) && { everywhere: grants.everywhere }),
        brands: (grants.brands ?? []).filter(([, grant]) => isThere(grant)),
        connections: (grants.connections ?? []).filter(([, grant]) => isThere(grant)),
      },
    }),
    ...(account && isThere(account) && { account }),
  });
  return { ...data, users: data.users.map((user) => left(user)), teams: data.teams.map((team) => left(team)) };
}

function joinOfAll(definition: Definition, grants: GrantData[], ofAccount: boolean): GrantData {
  const entries = grants.flatMap((grant) => Object.entries(grant));
  const given = (key: string) => entries.filter(([name]) => name === key).map(([, value]) => value);
  return Object.fromEntries(
    areasOf(definition, ofAccount).flatMap(([area, { levels, flags = {} }]) => {
      const level = levels.findLast((each) => given(area).includes(each)) ?? (levels[0] as string);
      const on = Object.keys(flags).map((flag): [string, boolean] => [flag, given(flag).includes(true)]);
      return [[area, level], ...on];
    }),
  );
}

function isState(definition: Definition, grant: GrantData, ofAccount: boolean): boolean {
  const entries = Object.entries(grant);
  const value = (key: string) => entries.find(([name]) => name === key)?.[1];
  return areasOf(definition, ofAccount).every(([area, { flags = {} }]) =>
    Object.entries(flags).every(([flag, levels]) => value(flag) !== true || levels.includes(value(area) as string)),
  );
}

function areasOf(definition: Definition, ofAccount: boolean) {
  return Object.entries(definition.areas).filter(([name]) => isOfAccount(definition, name) === ofAccount);
}

/** The account as its people, each with the grants that count: `undefined` if some of these clash. */
export function modelPeople(definition: Definition, data: TeamsData): Person[] | undefined {
  const people = data.users.map(({ id, role }) => {
    const winners = data.connections.map(
      (connection) => [connection, modelWinner(definition, data, id, connection)] as const,
    );
    const account = modelAccountWinner(definition, data, id);
    return { id, role, winners, account };
  });
  const all = people.flatMap(({ winners, account }) => [account, ...winners.map(([, winner]) => winner)]);
  if (all.some((winner) => winner?.joined === "clash")) return undefined;
  return people.map(({ id, role, winners, account }) => ({
    id,
    role,
    connections: data.connections,
    grants: winners.flatMap(([connection, winner]): [string, GrantData][] =>
      winner ? [[connection, winner.joined as GrantData]] : [],
    ),
    ...(account && { account: account.joined as GrantData }),
  }));
}
