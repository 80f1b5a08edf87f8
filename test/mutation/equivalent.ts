/** A change that no test can notice, and why. */
export interface Equivalent {
  readonly room: string;
  /** What is there, and what the mutant has in its place. */
  readonly code: string;
  readonly becomes: string;
  readonly why: string;
}

/** Every mutant that is known to change nothing that anybody could see. */
export const equivalents: readonly Equivalent[] = [
  {
    room: "nobody.ts",
    code: "false",
    becomes: "true",
    why: "whether a role is fixed is asked about known connections, and nobody knows any",
  },
  {
    room: "nobody.ts",
    code: '""',
    becomes: '"Stryker was here!"',
    why: "its id stands in no answer: a decision about nobody says that the user is not loaded",
  },
  ...['"group"', '"connection"'].map((code) => ({
    room: "query.ts",
    code,
    becomes: '""',
    why: "a condition on rows reads alike for each kind of target that has rows",
  })),
  {
    room: "rows.ts",
    code: "connection !== undefined",
    becomes: "true",
    why: "a grant of no connection is thrown away with the fault that its row has",
  },
  {
    room: "zod.ts",
    code: '"ChannelGrantsSchema"',
    becomes: '""',
    why: "the name of a class, for whoever debugs",
  },
];
