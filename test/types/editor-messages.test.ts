import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

// What an editor shows: the first error of a piece of code, and what stands in a hover.

const file = fileURLToPath(new URL("./editor.ts", import.meta.url));
const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts"],
  types: [],
};
const preamble = `
import { accessLevel, can, createMatrix, createUser, definePolicy, engage, explain } from "../../src/index.js";
const ana = createUser(engage, { id: "ana", role: "viewer" });
const newsroom = definePolicy({
  name: "newsroom",
  levels: ["none", "write", "publish"],
  areas: { stories: { levels: ["none", "write", "publish"], flags: { lead: ["publish"] } } },
  roles: { editor: {}, chief: {} },
  actions: {
    "stories.draft": { target: "connection", allow: { area: "stories", level: "write" } },
    "stories.publish": { target: "group", allow: { area: "stories", level: "publish" } },
  },
});
const eve = createUser(newsroom, { id: "eve", role: "editor" });
const rest = { name: "n", levels: ["none", "all"], areas: { a: { levels: ["none", "all"], flags: { lead: ["all"] } } }, roles: { user: {}, chief: {} } } as const;
`;

let text = preamble;
let version = 0;
const host: ts.LanguageServiceHost = {
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  getScriptVersion: (name) => (name === file ? String(version) : "0"),
  getScriptSnapshot: (name) => {
    const source = name === file ? text : ts.sys.readFile(name);
    return source === undefined ? undefined : ts.ScriptSnapshot.fromString(source);
  },
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: ts.sys.readFile,
  directoryExists: ts.sys.directoryExists,
};
const service = ts.createLanguageService(host);

function write(code: string): void {
  text = preamble + code;
  version++;
}

/** Names in one order: the compiler lists them in the order in which it met them. */
function inOrder(message: string): string {
  return message.replace(/"[^"]*"(?: \| "[^"]*")+/g, (names) => names.split(" | ").sort().join(" | "));
}

/** All of the only error in the code. */
function errorOf(code: string): string {
  write(code);
  const [error, another] = service.getSemanticDiagnostics(file);
  expect(another).toBeUndefined();
  return error ? inOrder(ts.flattenDiagnosticMessageText(error.messageText, "\n")) : "no error";
}

/** The hover over the last place where the word stands. */
function hoverOf(word: string, code: string): string {
  write(code);
  expect(service.getSemanticDiagnostics(file)).toEqual([]);
  const info = service.getQuickInfoAtPosition(file, text.lastIndexOf(word));
  return ts.displayPartsToString(info?.displayParts);
}

describe("a misspelt name is an error that names the right ones", () => {
  it("of a team's own policy", () => {
    expect(errorOf(`can(eve, "stories.drafts", "blog");`)).toBe(
      `Argument of type '"stories.drafts"' is not assignable to parameter of type '"stories.draft" | "stories.publish"'.`,
    );
    expect(errorOf(`accessLevel(eve, "story", "blog");`)).toBe(
      `Argument of type '"story"' is not assignable to parameter of type '"stories"'.`,
    );
    expect(errorOf(`createUser(newsroom, { id: "p", role: "edtor" });`)).toBe(
      `Type '"edtor"' is not assignable to type '"chief" | "editor"'. Did you mean '"editor"'?`,
    );
    expect(errorOf(`createUser(newsroom, { id: "p", role: "editor", grants: { blog: { stories: "wirte" } } });`)).toBe(
      `Type '"wirte"' is not assignable to type '"none" | "publish" | "write" | undefined'. Did you mean '"write"'?`,
    );
    expect(
      errorOf(`createUser(newsroom, { id: "p", role: "editor", grants: { blog: { storys: "write" } } });`),
    ).toMatch(/'storys' does not exist in type '\{ readonly stories\?: .*; readonly lead\?: /);
  });

  it("of a shipped policy", () => {
    // Of so many names, the compiler lists some.
    expect(errorOf(`can(ana, "publish.postnow", { connections: [] });`)).toMatch(
      /is not assignable to parameter of type '"publish.assign" \| "publish.clone" \| .* more \.\.\. \| "/,
    );
    expect(errorOf(`createUser(engage, { id: "p", role: "owner" });`)).toBe(
      `Type '"owner"' is not assignable to type '"admin" | "viewer"'.`,
    );
    expect(errorOf(`createMatrix(engage, { users: [{ id: "p", role: "owner" }] });`)).toBe(
      `Type '"owner"' is not assignable to type '"admin" | "viewer"'.`,
    );
    expect(
      errorOf(`createUser(engage, { id: "p", role: "viewer", grants: { fb: { analytics: "view-only" } } });`),
    ).toBe(`Type '"view-only"' is not assignable to type '"full-access" | "no-access" | undefined'.`);
  });

  it("inside a definition", () => {
    const action = (target: string, allow: string) =>
      errorOf(`definePolicy({ ...rest, actions: { x: { target: "${target}", allow: ${allow} } } });`);
    expect(action("grup", `{ role: "user" }`)).toBe(
      `Type '"grup"' is not assignable to type 'TargetKind'. Did you mean '"group"'?`,
    );
    expect(action("group", `{ area: "b", level: "all" }`)).toBe(`Type '"b"' is not assignable to type '"a"'.`);
    expect(action("group", `{ area: "a", level: "al" }`)).toBe(
      `Type '"al"' is not assignable to type '"all" | "none" | undefined'.`,
    );
    expect(action("group", `{ area: "a", every: "led" }`)).toMatch(/^Type '"led"' .* Did you mean '"lead"'\?$/);
    expect(action("group", `{ role: "usr" }`)).toBe(
      `Type '"usr"' is not assignable to type '"chief" | "user" | readonly ("chief" | "user")[] | undefined'. Did you mean '"user"'?`,
    );
    expect(action("group", `[{ role: "user" }, { role: ["usr"] }]`)).toBe(
      `Type '"usr"' is not assignable to type '"chief" | "user"'. Did you mean '"user"'?`,
    );
    expect(action("group", `{ area: "a", levels: "all" }`)).toMatch(
      /'levels' does not exist in type 'ClauseDefinition<"a", "all" \| "none", "lead", "chief" \| "user", never>/,
    );
  });
});

describe("a misspelt name in the whole language is an error that names the right ones", () => {
  const language = `const desk = definePolicy({
    name: "desk", levels: ["none", "draft", "full"], roles: { user: {} }, relations: ["author", "assignee"],
    areas: { a: { levels: ["none", "draft", "full"], flags: { lead: ["full"] } }, billing: { levels: ["none", "full"], of: "account" } },
    actions: { edit: { target: "group", allow: { area: "a", every: ["full", { exactly: "draft" }], is: "author" } } },
  });
  const zoe = createUser(desk, { id: "zoe", role: "user" });`;

  it("in a definition", () => {
    const allow = (clause: string) =>
      errorOf(
        `definePolicy({ ...rest, relations: ["author"], actions: { x: { target: "group", allow: ${clause} } } });`,
      );
    expect(allow(`{ is: "auther" }`)).toBe(
      `Type '"auther"' is not assignable to type '"author" | readonly "author"[] | undefined'. Did you mean '"author"'?`,
    );
    expect(allow(`{ isNot: ["auther"] }`)).toBe(`Type '"auther"' is not assignable to type '"author"'.`);
    expect(allow(`{ area: "a", every: ["all", "led"] }`)).toBe(
      `Type '"led"' is not assignable to type '"all" | "lead" | "none" | StatesDefinition<"all" | "none", "lead">'. Did you mean '"lead"'?`,
    );
    expect(allow(`{ area: "a", some: { flags: ["led"] } }`)).toMatch(/'"led"' is not assignable to type '"lead"'\.$/);
    expect(allow(`{ area: "a", some: { exactly: "al" } }`)).toMatch(
      /'"al"' is not assignable to type '"all" \| "none" \| undefined'\.$/,
    );
    expect(allow(`{ and: [{ area: "b", level: "all" }, { area: "a", level: "all" }] }`)).toBe(
      `Type '"b"' is not assignable to type '"a"'.`,
    );
    expect(allow(`{ and: [{ area: "a", level: "al" }] }`)).toBe(
      `Type '"al"' is not assignable to type '"all" | "none" | undefined'.`,
    );
  });

  it("in a question", () => {
    const of = (code: string) => errorOf(`${language} ${code}`);
    expect(of(`can(zoe, "edit", { connections: [], auther: "zoe" });`)).toMatch(
      /'auther' does not exist in type 'PostGroup & .* Did you mean to write 'author'\?$/,
    );
    expect(of(`can(zoe, "edit", { connections: [], author: 1 });`)).toBe(
      `Type 'number' is not assignable to type 'string | readonly string[] | null | undefined'.`,
    );
    expect(of(`accessLevel(zoe, "a");`)).toBe("Expected 3 arguments, but got 2.");
    expect(of(`createUser(desk, { id: "p", role: "user", account: { billing: "ful" } });`)).toBe(
      `Type '"ful"' is not assignable to type '"full" | "none" | undefined'. Did you mean '"full"'?`,
    );
    expect(of(`createUser(desk, { id: "p", role: "user", account: { biling: "full" } });`)).toMatch(
      /'biling' does not exist in type .* Did you mean to write 'billing'\?$/,
    );
  });

  it("and its hovers are as short as the name of the policy", () => {
    const named = `${language} type Inferred = typeof desk; interface Desk extends Inferred {} const named: Desk = desk;
      const yan = createUser(named, { id: "yan", role: "user" });`;
    expect(hoverOf("yan", `${named} yan;`)).toBe("const yan: User<Desk>");
    expect(hoverOf("can", `${named} can(yan, "edit", { connections: [], author: "zoe" });`)).toBe(
      '(alias) can<Desk, "edit">(user: User<Desk>, action: "edit", group: PostGroup & RelationsOf<Desk>): boolean\nimport can',
    );
    expect(hoverOf("accessLevel", `${named} accessLevel(yan, "billing");`)).toMatch(
      /accessLevel<Desk, "billing">\(user: User<Desk>, area: "billing".{0,50}\): "none" \| "full"/,
    );
    expect(hoverOf("zoe", `${language} zoe;`).length).toBeLessThan(300);
  });
});

describe("a missing or wrong target is an error that names the right one", () => {
  it("of every kind of target", () => {
    expect(errorOf(`can(eve, "stories.publish");`)).toBe("Expected 3 arguments, but got 2.");
    expect(errorOf(`can(eve, "stories.publish", "blog");`)).toBe(
      "Argument of type 'string' is not assignable to parameter of type 'PostGroup'.",
    );
    expect(errorOf(`can(eve, "stories.draft", { connections: ["blog"] });`)).toBe(
      "Argument of type '{ connections: string[]; }' is not assignable to parameter of type 'string'.",
    );
    expect(errorOf(`can(ana, "publish.create", "fb");`)).toBe(
      `Argument of type '"fb"' is not assignable to parameter of type 'undefined'.`,
    );
  });
});

describe("hovers stay readable", () => {
  it("a user of a shipped policy is named by it", () => {
    expect(hoverOf("ana", "ana;")).toBe("const ana: User<Engage>");
    expect(hoverOf("engage", "engage;")).toBe("(alias) const engage: Engage\nimport engage");
    expect(hoverOf("matrix", "const matrix = createMatrix(engage, { users: [] }); matrix;")).toBe(
      "const matrix: GrantMatrix<Engage>",
    );
  });

  it("a call says what it takes", () => {
    expect(hoverOf("can", `can(ana, "publish.approve", { connections: [] });`)).toBe(
      '(alias) can<Engage, "publish.approve">(user: User<Engage>, action: "publish.approve", group: PostGroup): boolean\nimport can',
    );
    expect(hoverOf("accessLevel", `accessLevel(ana, "analytics", "fb");`)).toContain('): "no-access" | "full-access"');
    expect(hoverOf("decision", `const decision = explain(ana, "publish.create"); decision;`)).toBe(
      "const decision: Decision<Engage>",
    );
  });

  it("a team's own policy is as short as its name", () => {
    const named =
      "type Inferred = typeof newsroom; interface Newsroom extends Inferred {} const named: Newsroom = newsroom;";
    expect(hoverOf("zoe", `${named} const zoe = createUser(named, { id: "zoe", role: "chief" }); zoe;`)).toBe(
      "const zoe: User<Newsroom>",
    );
    expect(hoverOf("eve", "eve;").length).toBeLessThan(300);
  });
});
