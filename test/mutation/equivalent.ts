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
    room: "compile.ts",
    code: '"invalid-policy"',
    becomes: '""',
    why: "definePolicy has checked before what a role holds",
  },
  {
    room: "errors.ts",
    code: "{\n    // A proxy that was revoked is neither.\n    return false;\n  }",
    becomes: "{}",
    why: "undefined is as good a no as false",
  },
  {
    room: "explain.ts",
    code: "known",
    becomes: "false",
    why: "it only saves working the same change out again",
  },
  {
    room: "explain.ts",
    code: "levelOf(state, area) > rank",
    becomes: "levelOf(state, area) >= rank",
    why: "a state at the same level that will do was found before",
  },
  {
    room: "frozen.ts",
    code: "value !== null",
    becomes: "true",
    why: "there is no null in what the library hands out",
  },
  {
    room: "matrix.ts",
    code: "[]",
    becomes: '["Stryker was here"]',
    why: "where the users could not be read, the matrix is thrown away with the fault",
  },
  {
    room: "matrix.ts",
    code: "number === undefined",
    becomes: "false",
    why: "no row has anything on a connection without a number",
  },
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
    room: "target.ts",
    code: "[]",
    becomes: '["Stryker was here"]',
    why: "nothing reads the connections of an action without a target",
  },
  ...[
    { code: 'typeof id === "string"', becomes: "false" },
    { code: '"string"', becomes: '""' },
  ].map((change) => ({
    room: "target.ts",
    ...change,
    why: "an id is asked here for speed, and what is behind it would ask again",
  })),
  {
    room: "zod.ts",
    code: '"ChannelGrantsSchema"',
    becomes: '""',
    why: "the name of a class, for whoever debugs",
  },
];
