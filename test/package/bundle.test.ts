import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin as EsbuildPlugin } from "esbuild";
import { type Plugin as RollupPlugin, rollup } from "rollup";
import { describe, expect, it } from "vitest";

// What an application does not import must not be in its bundle. `npm test` builds the files first.

const root = fileURLToPath(new URL("../..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Each entry by the name that applications import it by, with the file that bundlers take for it. */
const entries = new Map<string, string>(
  Object.entries<{ readonly import?: { readonly module: string } }>(manifest.exports).flatMap(([key, conditions]) =>
    conditions.import ? [[join(manifest.name, key), join(root, conditions.import.module)]] : [],
  ),
);

const foreign = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
const isForeign = (id: string) => foreign.some((name) => id === name || id.startsWith(`${name}/`));

/** Where a bundler finds a module, and that it has side effects, whatever package.json says. */
function impure(id: string, folder: string) {
  return { path: entries.get(id) ?? join(folder, id), sideEffects: true };
}

/** By bundler, what it makes of an application's module; each heeds or ignores the flag in package.json. */
const bundlers = {
  async esbuild(code: string, heedsFlag: boolean): Promise<string> {
    const application: EsbuildPlugin = {
      name: "application",
      setup({ onResolve }) {
        onResolve({ filter: /./ }, ({ path, resolveDir }) => {
          if (isForeign(path)) return { path, external: true, sideEffects: false };
          return heedsFlag ? undefined : impure(path, resolveDir);
        });
      },
    };
    const { outputFiles, warnings } = await build({
      stdin: { contents: code, resolveDir: root, sourcefile: "application" },
      bundle: true,
      format: "esm",
      write: false,
      logLevel: "error",
      plugins: [application],
    });
    // The application may import an entry for nothing; no file of the package imports another one so.
    expect(warnings.filter(({ location }) => location?.file !== "application")).toEqual([]);
    return outputFiles.map(({ text }) => text).join("");
  },

  async rollup(code: string, heedsFlag: boolean): Promise<string> {
    const application: RollupPlugin = {
      name: "application",
      resolveId(id, importer) {
        if (id === "application" || isForeign(id)) return { id, external: isForeign(id), moduleSideEffects: false };
        const { path } = impure(id, join(importer ?? root, ".."));
        return { id: path, moduleSideEffects: heedsFlag ? manifest.sideEffects : true };
      },
      load: (id) => (id === "application" ? code : null),
    };
    const bundle = await rollup({
      input: "application",
      plugins: [application],
      // What is for clients, too, is bundled for one of them alone.
      onwarn: ({ code, message }) => expect(["EMPTY_BUNDLE", "MODULE_LEVEL_DIRECTIVE"], message).toContain(code),
    });
    const { output } = await bundle.generate({ format: "es" });
    return output.map((file) => (file.type === "chunk" ? file.code : "")).join("");
  },
};

const names = ["esbuild", "rollup"] as const;

/** What an entry is made of, each part by a text that is in no other. */
const parts = {
  "the Engage model": "publish.post-now",
  "the Buffer model": "approval-required",
  "the checks of a grant": "does not go with",
  "the checks of a definition": "is out of the policy",
  "the checks of a user": "is not an entry; expected [connection, grant]",
  "the checks of a target": "is not a target of",
  "the matrix": "a second user",
  "the prepared groups": "by the matrix of another account",
  "the reasons": "level-too-high",
  "the explanations": "unblock: ",
  "the sentences": "not all of them are connections of the account",
  "the checks of a submission": "invalid-submission",
  "the checks of an event": "invalid-event",
  "the approval flow": "nextStatuses: {",
  "the people": 'id: "somebody"',
  "the matchers": "Allowed besides",
  "the questions": "no action; ",
  "the gates": "The gate throws",
  "the tables": '? "yes" : "no"',
  "the standings": "} states; expected at most ${MOST_STATES",
  "the search for situations": "beyond: ",
  "the reading of claims": "claims nothing",
  "the comparison of policies": 'verdict: "looser"',
  "the diff of matrices": "matrices of two policies",
  "the review of access": "role: row.role.name",
  "the texts of analysis": "left with nobody",
  "the German texts of analysis": "Ohne Rechte ist nichts erlaubt",
  "the queries": "is kept for this query",
  "the rows of users": "in the column ",
  "the folding of teams": "that join to none",
  "the migrations in SQL": "commits at each ALTER TABLE",
  "the reading of packed users": "was packed under another",
  "the questions of other programs": "the decision point failed",
  zod: '"zod"',
  "nobody, who is asked about until a user is loaded": "nobody, who is not",
  "the components": "no GrantsProvider of",
  "the composables": "no provideGrants of",
  "the grammar": "is not a locale",
  "the words": "has no labels; expected",
  "the English words": "no connection is chosen",
  "the German words": "Das Konto hat keinen Kanal",
  "the sentence before a user is loaded": "yet: the user is not loaded",
  "the problems": "a decision that is no refusal",
  "the gates of requests": "a loader threw",
  "the gates that keep their answers": "let no such request pass",
  "the gates of Express": "mounted_app",
  "the gates of Fastify": "(empty tree)",
  "the gates of Hono": "__COMPOSED_HANDLER",
  "the gates of NestJS": "is not for HTTP",
  NestJS: '"@nestjs/common"',
  "fast-check": '"fast-check"',
  react: '"react"',
  vue: '"vue"',
} as const;

type Part = keyof typeof parts;

const user = ["the checks of a grant", "the checks of a user"] as const;
const explained = ["the checks of a target", "the explanations", "the reasons"] as const;
const flow = [...explained, "the checks of a submission", "the checks of an event", "the approval flow"] as const;

const printed = [...explained, "the sentences"] as const;
const matrix = [...user, "the checks of a target", "the prepared groups", "the matrix"] as const;
const asked = [...matrix, "the questions"] as const;
const posts = ["the checks of a submission", "the approval flow"] as const;
const drawn = [
  ...user,
  ...explained,
  ...posts,
  "the checks of an event",
  "the prepared groups",
  "the matrix",
  "fast-check",
] as const;

const gates = [...printed, "the problems", "the gates of requests"] as const;

/** What is imported, and all that may come with it. */
const imports: readonly (readonly [names: string, entry: string, holds: readonly Part[]])[] = [
  ["PolicyError", "channel-grants", []],
  ["engage", "channel-grants", ["the Engage model"]],
  ["buffer", "channel-grants", ["the Buffer model"]],
  ["definePolicy", "channel-grants", ["the checks of a definition", "the checks of a grant"]],
  ["createUser", "channel-grants", user],
  ["frontendRow", "channel-grants", []],
  ["limit", "channel-grants", user],
  ["beyond, beyondAccount", "channel-grants", ["the checks of a grant"]],
  ["can", "channel-grants", ["the checks of a target"]],
  ["accessLevel, allowedActions", "channel-grants", ["the checks of a target"]],
  ["can, createUser, engage", "channel-grants", [...user, "the checks of a target", "the Engage model"]],
  ["prepareGroup", "channel-grants", ["the checks of a target", "the prepared groups"]],
  ["explain", "channel-grants", explained],
  ["formatDecision", "channel-grants", ["the sentences", "the reasons"]],
  ["createMatrix, engage", "channel-grants", [...matrix, "the Engage model"]],
  ["draft", "channel-grants/approval", [...explained, "the checks of a submission"]],
  ["availableEvents", "channel-grants/approval", flow],
  ["approversFor", "channel-grants/approval", ["the checks of a submission", "the checks of an event"]],
  ["formatRefusal", "channel-grants/approval", ["the reasons"]],
  ["inbox", "channel-grants/approval", flow],
  ["timeline", "channel-grants/approval", ["the checks of a submission"]],
  ["transition", "channel-grants/approval", flow],
  ["checkPolicy", "channel-grants/analysis", ["the search for situations", "the reading of claims"]],
  ["comparePolicies", "channel-grants/analysis", ["the search for situations", "the comparison of policies"]],
  ["diffMatrices", "channel-grants/analysis", ["the diff of matrices", "the checks of a submission"]],
  ["reviewAccess", "channel-grants/analysis", ["the review of access", "the checks of a target"]],
  ["whoCan", "channel-grants/analysis", ["the checks of a target"]],
  ["migrateGrants", "channel-grants/analysis", [...matrix, "the search for situations"]],
  ["migrationSql", "channel-grants/sql", ["the checks of a grant", "the migrations in SQL"]],
  ["formatMigration", "channel-grants/analysis", ["the texts of analysis", "the grammar"]],
  ["englishAnalysis", "channel-grants/analysis", ["the texts of analysis"]],
  ["germanAnalysis", "channel-grants/analysis", ["the German texts of analysis"]],
  [
    "formatReport, formatComparison, formatDiff, formatReview, formatAccess",
    "channel-grants/analysis",
    ["the texts of analysis", "the grammar"],
  ],
  ["createGrantsSql", "channel-grants/sql", [...matrix, "the queries", "the rows of users"]],
  ["foldTeams", "channel-grants/teams", [...user, "the folding of teams"]],
  ["formatSource", "channel-grants/teams", []],
  ["createDecisionPoint", "channel-grants/authzen", [...printed, "the questions of other programs"]],
  ["packUser", "channel-grants/token", []],
  ["unpackUser", "channel-grants/token", ["the reading of packed users"]],
  ["grantSchema", "channel-grants/schema", ["zod", "the checks of a grant"]],
  ["accountGrantSchema", "channel-grants/schema", ["zod", "the checks of a grant"]],
  // The fields of an event stand in one table with what it does.
  ["eventSchema", "channel-grants/schema", ["zod", ...explained, "the checks of an event", "the approval flow"]],
  ["userSchema", "channel-grants/schema", ["zod", ...user]],
  ["matrixSchema, matrixRowsSchema", "channel-grants/schema", ["zod", ...user, "the matrix"]],
  ["targetSchema", "channel-grants/schema", ["zod"]],
  ["submissionSchema", "channel-grants/schema", ["zod", "the checks of a submission"]],
  ["policySchema", "channel-grants/schema", ["zod", "the checks of a grant", "the checks of a definition"]],
  ["matchers", "channel-grants/testing", [...printed, "the matchers"]],
  ["person", "channel-grants/testing", [...user, "the people"]],
  ["questionsOf", "channel-grants/testing", asked],
  ["expectGate", "channel-grants/testing", [...asked, ...printed, "the gates"]],
  ["decisionTable", "channel-grants/testing", [...user, ...explained, "the people", "the tables"]],
  ["distinctStandings", "channel-grants/testing", ["the standings"]],
  ["grants, users, groups, posts", "channel-grants/testing/arbitraries", ["fast-check"]],
  ["matrices", "channel-grants/testing/arbitraries", ["fast-check"]],
  [
    "policies",
    "channel-grants/testing/arbitraries",
    ["fast-check", "the checks of a grant", "the checks of a definition"],
  ],
  ["histories", "channel-grants/testing/arbitraries", drawn],
  ["problem", "channel-grants/http", ["the sentences", "the reasons", "the problems"]],
  ["problemResponse", "channel-grants/http", []],
  ["createGuard", "channel-grants/http", gates],
  [
    "createGrantsExpress",
    "channel-grants/express",
    [...gates, "the gates that keep their answers", "the gates of Express"],
  ],
  [
    "createGrantsFastify",
    "channel-grants/fastify",
    [...gates, "the gates that keep their answers", "the gates of Fastify"],
  ],
  ["createGrantsNest", "channel-grants/nestjs", [...gates, "the gates of NestJS", "NestJS"]],
  ["createGrantsHono", "channel-grants/hono", [...gates, "the gates that keep their answers", "the gates of Hono"]],
  [
    "createGrantsReact",
    "channel-grants/react",
    [...explained, "nobody, who is asked about until a user is loaded", "the components", "react"],
  ],
  [
    "createGrantsVue",
    "channel-grants/vue",
    [...explained, "nobody, who is asked about until a user is loaded", "the composables", "vue"],
  ],
  ["createWords", "channel-grants/words", ["the words", "the grammar"]],
  ["english", "channel-grants/words", ["the English words"]],
  ["german", "channel-grants/words", ["the German words"]],
  ["formatDecision", "channel-grants/react", ["the sentences", "the reasons", "the sentence before a user is loaded"]],
  ["formatDecision", "channel-grants/vue", ["the sentences", "the reasons", "the sentence before a user is loaded"]],
];

it("every public value is asked for", async () => {
  for (const [entry, file] of entries) {
    const asked = imports.flatMap(([names, from]) => (from === entry ? names.split(", ") : []));
    expect(asked, entry).toEqual(expect.arrayContaining(Object.keys(await import(file))));
  }
});

const nothing = /^\s*$/;
// To esbuild, a shift of one number by another might call somebody's `valueOf`.
const constants = /^(\/\/ dist\/.*|var [A-Z_]+ = 1 << \d+;)$/gm;

function partsOf(code: string): Part[] {
  // Each bundler writes its imports with other quotes.
  const text = code.replaceAll("'", '"');
  return (Object.keys(parts) as Part[]).filter((part) => text.includes(parts[part]));
}

describe.each(names)("in a bundle of %s", (name) => {
  const bundle = bundlers[name];

  it("all of an entry has all of its parts, so that to miss one proves something", async () => {
    const all = await Promise.all([...entries.keys()].map((entry) => bundle(`export * from "${entry}";`, true)));
    expect(new Set(all.flatMap(partsOf))).toEqual(new Set(Object.keys(parts)));
  });

  it.each(imports)("{ %s } of %s brings nothing that it does not need", async (imported, entry, holds) => {
    const found = partsOf(await bundle(`export { ${imported} } from "${entry}";`, true));
    expect(found.sort()).toEqual([...new Set(holds)].sort());
  });

  it.each(imports)("{ %s } of %s brings no more where the sideEffects flag is ignored", async (imported, entry) => {
    const code = `export { ${imported} } from "${entry}";`;
    expect(partsOf(await bundle(code, false))).toEqual(partsOf(await bundle(code, true)));
  });

  it.each([...entries.keys()])("an import of nothing from %s is nothing", async (entry) => {
    expect(await bundle(`import "${entry}";`, true)).toMatch(nothing);
  });

  it.each([...entries.keys()])("an import of nothing from %s does nothing where the flag is ignored", async (entry) => {
    const left = await bundle(`import "${entry}";`, false);
    expect(left.replaceAll(constants, "")).toMatch(nothing);
  });
});
