import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  checkPolicy,
  comparePolicies,
  diffMatrices,
  formatAccess,
  formatComparison,
  formatDiff,
  formatReport,
  formatReview,
  migrateGrants,
  reviewAccess,
  whoCan,
} from "../../src/analysis/index.js";
import { withFile } from "../../src/cli/files.js";
import { run, wantsColours } from "../../src/cli/run.js";
import { allowedActions, buffer, can, createMatrix, engage, type GrantMatrix } from "../../src/index.js";
import { define } from "../support/arbitraries.js";
import { refusal } from "../support/refusal.js";
import { root } from "../support/snippets.js";

// The command: what it prints, and what it ends with. `npm test` builds it first.

const grants = {
  policy: "engage",
  connections: ["fb", "ig"],
  users: [
    { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" }, ig: { publish: "full-access" } } },
    { id: "ben", role: "viewer", grants: { fb: { publish: "view-only", approver: true } } },
    { id: "cat", role: "admin" },
  ],
};
const after = {
  ...grants,
  users: [
    { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" }, ig: { publish: "full-access" } } },
    { id: "ben", role: "viewer", grants: { fb: { publish: "view-only" } } },
    { id: "cat", role: "admin" },
  ],
};
const { approval: _, ...definition } = JSON.parse(JSON.stringify(engage));
const submission = {
  connections: ["fb"],
  author: "ana",
  status: "pending",
  steps: [["ben"]],
  approvals: [],
  revision: 0,
};
/** A policy with an area of the account and a relation. */
const suite = {
  name: "suite",
  levels: ["none", "draft", "full"],
  areas: {
    publish: { levels: ["none", "draft", "full"] },
    billing: { levels: ["none", "full"], of: "account" },
  },
  roles: { member: {} },
  relations: ["author"],
  actions: {
    pay: { target: "none", allow: { area: "billing", level: "full" } },
    edit: {
      target: "group",
      allow: [
        { area: "publish", level: "draft", is: "author" },
        { area: "publish", level: "full" },
      ],
    },
  },
};
/** The same with other names, and an action that more users may do. */
const renamedSuite = {
  ...suite,
  name: "renamed",
  levels: ["none", "write", "full"],
  areas: { ...suite.areas, publish: { levels: ["none", "write", "full"] } },
  actions: { ...suite.actions, edit: { target: "group", allow: { area: "publish", level: "write" } } },
};
const files: Readonly<Record<string, unknown>> = {
  "renamed-suite.json": renamedSuite,
  "mapping.json": { levels: { draft: "write" } },
  "suite.json": suite,
  "suite-grants.json": {
    policy: "suite.json",
    users: [{ id: "ana", role: "member", grants: { fb: { publish: "draft" } }, account: { billing: "full" } }],
  },
  "suite-after.json": {
    policy: "suite.json",
    users: [{ id: "ana", role: "member", grants: { fb: { publish: "full" } } }],
  },
  "own-post.json": { connections: ["fb"], author: "ana" },
  "others-post.json": { connections: ["fb"], author: null },
  "own-posts.json": [{ connections: ["fb"], author: null }],
  "grants.json": grants,
  "after.json": after,
  "unnamed.json": { users: [] },
  "list.json": [],
  "buffer.json": { policy: "buffer", users: [] },
  "odd.json": {
    policy: "engage",
    connections: ["a,b", "c", "\u001b[31m"],
    users: [
      { id: "@ana", role: "viewer", grants: { "a,b": { publish: "full-access" }, c: { publish: "full-access" } } },
    ],
  },
  "escape.json": { policy: "engage", users: [{ id: "ana", role: "viewer", grants: { "\u001b[31m": { publish: 1 } } }] },
  "nothing.json": null,
  "beside.json": { policy: "policy.json", users: [] },
  "other.json": { policy: "wrong.json", users: [] },
  "lost.json": { policy: "nope.json", users: [] },
  "policy.json": definition,
  "described.json": { $schema: "./policy.schema.json", ...definition },
  "wrong.json": { ...definition, levels: ["no-access", "view-only"] },
  "misspelt.json": { policy: "engage", users: [{ id: "ana", role: "boss" }] },
  "twice.json": { policy: "engage", users: [{}] },
  "dashed.json": { policy: "engage", connections: ["a - b"], users: [] },
  "properties.json": { separate: [["publish.submit", "publish.approve"]] },
  "groups.json": [{ connections: ["fb", "ig"] }],
  "group.json": { group: {} },
  "submissions.json": [submission],
};

/** Runs a command on those files. */
function ran(line: string, colours = false) {
  const read = (file: string) => {
    if (file === "broken.json") return "{";
    if (file === "device.json") throw { mistake: "device.json is no plain file; expected one" };
    if (!(file in files)) throw new Error("there is no such file");
    return JSON.stringify(files[file]);
  };
  const readBeside = (_: string, named: string) => read(named);
  const { code, output, error } = run(line === "" ? [] : line.split(" "), { read, readBeside, colours });
  return { code, out: [...output].join(""), wrong: error };
}

/** What a call throws, which need not be an error. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return expect.unreachable("nothing is thrown");
}

describe("the command", () => {
  it("reads a policy that says where its JSON Schema is as if it did not", () => {
    const answer = ran("check described.json");
    expect(answer).toEqual(ran("check policy.json"));
    expect(answer.wrong).toBe("");
  });

  it.each([
    ["review grants.json", 1],
    ["review grants.json --markdown", 1],
    ["check engage", 0],
    ["check buffer", 0],
    ["check policy.json --properties properties.json", 1],
    ["compare engage policy.json", 0],
    ["diff grants.json after.json --groups groups.json --submissions submissions.json", 1],
    ["diff grants.json grants.json", 0],
    ["diff grants.json after.json --markdown", 1],
    ["explain grants.json --user ana --action publish.post-now --on fb,ig", 1],
    ["explain grants.json --user ana --action publish.post-now --on ig", 0],
    ["explain grants.json --user ana --action publish.select --on ig", 0],
    ["explain grants.json --user cat --action connections.create", 0],
    ["explain grants.json --user ana --action publish.post-now --on fb --on ig --markdown", 1],
    ["explain odd.json --user @ana --action publish.post-now --on c --connection a,b", 0],
    ["explain odd.json --user @ana --action publish.post-now --connection a,b --markdown", 0],
    ["explain odd.json --user @ana --action publish.select --connection a,b", 0],
    ["review suite-grants.json", 0],
    ["check suite.json --properties group.json", 0],
    ["diff suite-grants.json suite-after.json --groups own-posts.json", 0],
    ["explain suite-grants.json --user ana --action edit --group own-post.json", 0],
    ["explain suite-grants.json --user ana --action edit --group others-post.json", 1],
    ["explain suite-grants.json --user ana --action pay", 0],
    ["migrate suite.json renamed-suite.json --mapping mapping.json", 1],
    ["migrate suite.json renamed-suite.json --mapping mapping.json --accept edit", 0],
    ["migrate suite.json renamed-suite.json --mapping mapping.json --markdown", 1],
    ["migrate engage engage", 0],
    ["migrate --help", 0],
    ["explain --help", 0],
    ["--help", 0],
    ["", 2],
    ["help", 0],
    ["diff --help", 0],
    ["serve --help", 0],
  ])("%s prints what a reader wants, and ends with %i", (line, code) => {
    const result = ran(line);
    expect([result.code, result.wrong]).toEqual([code, ""]);
    expect(result.out).toMatchSnapshot();
  });

  it.each([
    [
      "explian grants.json",
      '"explian" is no command; expected "review", "check", "compare", "migrate", "diff", "explain" or "serve"',
    ],
    [
      "migrate suite.json renamed-suite.json",
      'publish draft has no place in "publish" of the policy renamed; expected a name for each in levels or flags',
    ],
    ["migrate suite.json renamed-suite.json --mapping list.json", '"list.json" is wrong:\n  an array is not accepted'],
    ["migrate suite.json engage --mapping mapping.json", '"mapping.json" is wrong:\n  "write" is not accepted'],
    [
      "migrate suite.json renamed-suite.json --mapping mapping.json --accept edti",
      '"edti" is no action of the second policy; expected "pay" or "edit"',
    ],
    ["migrate suite.json renamed-suite.json --mapping mapping.json --grants list.json", '"list.json" is wrong'],
    ["review", "the number of files is 0; expected 1: channel-grants review grants.json"],
    ["review nope.json", '"nope.json" cannot be read; expected a file, or engage or buffer for a policy'],
    ["review device.json", "device.json is no plain file; expected one"],
    ["review broken.json", "broken.json:1:2: no JSON: close brace expected"],
    ["review unnamed.json", '"unnamed.json" names no policy; expected "policy" in it, or --policy'],
    ["review nothing.json", '"nothing.json" names no policy; expected "policy" in it, or --policy'],
    [
      "review misspelt.json",
      '"misspelt.json" is wrong:\n  users > 0 > role: "boss" is not a role; expected "admin" or "viewer"',
    ],
    [
      "review list.json --policy engage",
      '"list.json" is wrong:\n  the file: an array is not accepted; expected a plain object',
    ],
    ["check wrong.json", "areas > conversations > levels > 2"],
    ["review grants.json --josn", "channel-grants review --help"],
    ["explain grants.json --user ana", "explain needs --user and --action"],
    ["explain grants.json --action publish.create", "explain needs --user and --action"],
    [
      "review twice.json",
      '"twice.json" is wrong:\n  users > 0 > id: undefined is not a user id; expected a string\n  users > 0 > role',
    ],
    ["explain grants.json --user eve --action publish.edit", '"eve" is no user of the grants; expected "ana", "ben"'],
    ["explain grants.json --user ana --action publish.edit", "is about a post group; expected --on fb,ig"],
    ["explain grants.json --user ana --action publish.select --on fb,ig", "is about one connection; expected --on fb"],
    ["explain grants.json --user ana --action publish.select", "is about one connection; expected --on fb"],
    ["explain grants.json --user ana --action publish.create --on fb", "is about the account as a whole; expected no"],
    ["explain grants.json --user ana --action publish.pots --on fb", '"publish.pots" is not an action; expected'],
    ["explain grants.json --user ana --action constructor --on fb", '"constructor" is not an action; expected'],
    [
      "explain grants.json --user ana --action publish.edit --on fb,x",
      '"x" is no connection of the grants; expected "fb" or "ig"',
    ],
    ["explain odd.json --user @ana --action publish.edit --on a,b", '"a" is no connection of the grants; expected'],
    ["explain suite-grants.json --user ana --action edit --on fb", "no author for edit; expected an id, a list of ids"],
    [
      "explain suite-grants.json --user ana --action pay --group own-post.json",
      '"pay" is not about a post group; expected no --group',
    ],
    [
      "explain suite-grants.json --user ana --action edit --group own-post.json --on fb",
      "--group beside --on or --connection; expected one of them",
    ],
    [
      "explain suite-grants.json --user ana --action edit --group list.json",
      '"list.json" is wrong:\n  an array is not accepted',
    ],
    [
      "explain suite-grants.json --user ana --action edit --group nothing.json",
      '"nothing.json" is wrong:\n  null is not accepted',
    ],
    ["explain suite-grants.json --user ana --action lost --group own-post.json", '"lost" is not an action; expected'],
    ["check policy.json --properties list.json", '"list.json" is wrong:\n  an array is not accepted'],
    ["check policy.json --properties grants.json", '"grants.json" is wrong:\n  unknown key "policy"'],
    ["check policy.json --properties nope.json", '"nope.json" cannot be read'],
    [
      "diff grants.json buffer.json",
      '"buffer.json" names the policy "buffer"; expected "engage", as the first file, or --policy',
    ],
    [
      "diff beside.json buffer.json",
      'names the policy "buffer"; expected "policy.json", as the first file, or --policy',
    ],
    ["diff beside.json other.json", 'names the policy "wrong.json"; expected "policy.json", as the first file, or'],
    ["diff beside.json list.json", '"list.json" is wrong:'],
    ["review lost.json", '"nope.json" cannot be read'],
    ["review grants.json --\u009bx", "Unknown option '--\\u009bx'"],
    ["diff grants.json after.json --groups grants.json", 'expected an array (at "groups")'],
    ["diff grants.json after.json --submissions groups.json", '(at "submissions" > 0'],
    ["review escape.json", '"\\u001b[31m" > publish: '],
    ["review grants.json --post publish.pots", '"publish.pots" is not accepted'],
  ])("%s says what to do, and ends with 2", (line, message) => {
    const { code, out, wrong } = ran(line);
    expect([code, out]).toEqual([2, ""]);
    expect(wrong).toContain(message);
  });

  it("prints JSON for machines: what the functions give", () => {
    const [before, next] = [grants, after].map(({ policy: _, ...account }) => createMatrix(engage, account as never));
    const printed = (line: string) => JSON.parse(ran(`${line} --json`).out);
    expect(printed("review grants.json")).toEqual(reviewAccess(before as GrantMatrix));
    expect(printed("check engage")).toEqual(checkPolicy(engage));
    expect(printed("compare engage buffer")).toEqual(comparePolicies(engage, buffer));
    const [from, to] = [define(suite), define(renamedSuite)];
    const { row, matrix, ...report } = migrateGrants(from, to, { levels: { draft: "write" } });
    const migrate = "migrate suite.json renamed-suite.json --mapping mapping.json";
    expect(printed(migrate)).toEqual(report);
    expect(printed(`${migrate} --grants suite-grants.json`)).toEqual({
      ...report,
      grants: {
        users: [{ id: "ana", role: "member", grants: { fb: { publish: "write" } }, account: { billing: "full" } }],
        connections: ["fb"],
      },
    });
    expect(printed("diff grants.json after.json")).toEqual(diffMatrices(before as GrantMatrix, next as GrantMatrix));
  });

  it("takes the policy from a file, and the actions that approve and post by name", () => {
    expect(ran("review grants.json --policy policy.json").code).toBe(0);
    expect(ran("review grants.json --policy policy.json --post publish.post-now").code).toBe(1);
    expect(ran("review grants.json --policy policy.json --approve publish.approve").code).toBe(1);
    expect(ran("diff grants.json after.json --policy policy.json").code).toBe(0);
    expect(ran("diff grants.json after.json --policy policy.json --approve publish.approve").code).toBe(1);
    expect(ran("diff after.json grants.json --policy policy.json --post publish.post-now").code).toBe(1);
  });

  it("finds two policies that differ", () => {
    expect(ran("compare engage policy.json").code).toBe(0);
    expect(ran("compare engage buffer").code).toBe(1);
  });

  it("has colours on a terminal only, and without them says the same", () => {
    const plain = ran("diff grants.json after.json");
    const withColours = ran("diff grants.json after.json", true);
    expect(withColours.out).toContain("\u001b[31m- publish.approve on fb\u001b[0m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
    expect(withColours.out.replaceAll(/\u001b\[\d+m/g, "")).toBe(plain.out);
    expect(withColours.out).toContain("\u001b[32m+ publish.post-now on fb\u001b[0m");
    expect(ran("check engage", true).out).toContain("\u001b[32m✓ ");
    expect(ran("review dashed.json", true).out).toContain('"a - b"\n  \u001b[31m✗ nobody can approve');
  });

  it("has colours where they are forced, and none where they are declined", () => {
    expect(wantsColours(true, {})).toBe(true);
    expect(wantsColours(false, {})).toBe(false);
    expect(wantsColours(true, { NO_COLOR: "1" })).toBe(false);
    expect(wantsColours(true, { NO_COLOR: "", FORCE_COLOR: "" })).toBe(true);
    expect(wantsColours(false, { FORCE_COLOR: "1" })).toBe(true);
    expect(wantsColours(true, { FORCE_COLOR: "0" })).toBe(false);
    expect(wantsColours(true, { FORCE_COLOR: "false" })).toBe(false);
    expect(wantsColours(false, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(true);
  });

  it("may take the policy of files that name others, if it is given", () => {
    expect(ran("diff buffer.json unnamed.json --policy engage").code).toBe(0);
    expect(ran("diff buffer.json unnamed.json").code).toBe(0);
    expect(ran("diff beside.json beside.json").code).toBe(0);
    expect(ran("review beside.json").code).toBe(0);
  });

  it("reads a policy that a file names from the folder of that file, as strictly as the file", () => {
    const reviewed = (policy: string) =>
      run(["review", "accounts/beside.json"], {
        read: () => JSON.stringify(files["beside.json"]),
        readBeside: (file, named) => (file === "accounts/beside.json" && named === "policy.json" ? policy : ""),
        colours: false,
      });
    const policy = JSON.stringify(definition);
    expect(reviewed(policy).code).toBe(0);
    expect(reviewed(`{"name": "own", ${policy.slice(1)}`)).toMatchObject({
      code: 2,
      error: 'policy.json:1:17: the key "name" is repeated; expected each key once\n',
    });
  });

  it("passes on what is no mistake of the caller's", () => {
    for (const odd of ["odd", null, { odd: true }, new Error("odd")]) {
      const broken = () => {
        throw odd;
      };
      const environment = Object.defineProperty({ read: broken, readBeside: broken }, "colours", { get: broken });
      expect(thrownBy(() => run(["check", "engage"], environment as never))).toBe(odd);
      expect(thrownBy(() => withFile("policy.json", broken))).toBe(odd);
    }
  });

  describe("as it is installed", () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "command-"));
      for (const [file, value] of Object.entries(files)) writeFileSync(join(folder, file), JSON.stringify(value));
    });
    afterAll(() => rmSync(folder, { recursive: true }));
    const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

    it.each(["review grants.json", "check buffer", "diff grants.json after.json", "explain nope.json"])(
      "%s",
      (line) => {
        const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...line.split(" ")], {
          cwd: folder,
          encoding: "utf8",
        });
        const { code, out, wrong } = ran(line);
        expect([status, stdout, stderr]).toEqual([code, out, wrong]);
      },
    );

    const command = join(root, bin["channel-grants"]);
    const asked = (line: string, options: object) =>
      spawnSync(process.execPath, [command, ...line.split(" ")], { cwd: folder, encoding: "utf8", ...options });

    it("reads standard input in place of a file", () => {
      const { status, stdout } = asked("diff - after.json", { input: JSON.stringify(grants) });
      expect([status, stdout]).toEqual([1, ran("diff grants.json after.json").out]);
      expect(asked("review -", { input: "" }).stderr).toBe("-:1:1: no JSON: value expected\n");
    });

    it("has colours in a file only where they are forced", () => {
      const env = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined };
      const line = "diff grants.json after.json";
      expect(asked(line, { env }).stdout).toBe(ran(line).out);
      expect(asked(line, { env: { ...env, FORCE_COLOR: "1" } }).stdout).toBe(ran(line, true).out);
    });

    it("ends quietly, with its own code, where nobody reads on", () => {
      const users = Array.from({ length: 5000 }, (_, index) => ({ id: `user-${index}`, role: "admin" }));
      writeFileSync(join(folder, "large.json"), JSON.stringify({ policy: "engage", users, connections: ["fb"] }));
      const piped = `"${process.execPath}" "${command}" review large.json | head -1; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = spawnSync("bash", ["-c", piped], { cwd: folder, encoding: "utf8" });
      expect([stdout, stderr]).toEqual(["fb\n1\n", ""]);
    });

    it("reads its arguments, writes to the terminal and sets the exit code", async () => {
      const { argv, exitCode } = process;
      const written = { out: "", err: "" };
      let failure: Error | undefined;
      const take = (key: "out" | "err") => (text: unknown, done: unknown) => {
        written[key] += text;
        (done as (error?: Error) => void)(key === "out" ? failure : undefined);
        return true;
      };
      const stdout = vi.spyOn(process.stdout, "write").mockImplementation(take("out"));
      const stderr = vi.spyOn(process.stderr, "write").mockImplementation(take("err"));
      try {
        process.argv = ["node", "channel-grants", "check", join(folder, "policy.json")];
        await import("../../src/cli/main.js");
        expect([process.exitCode, written.err]).toEqual([0, ""]);
        expect(written.out).toContain("engage: every check holds");
        process.stdout.emit("error", new Error("said to the callback too"));
        for (const [error, code, said] of [
          [Object.assign(new Error("nobody reads"), { code: "EPIPE" }), 0, ""],
          [new Error("a full disk"), 3, "channel-grants fails, which is no finding:\nError: a full disk"],
        ] as const) {
          vi.resetModules();
          failure = error;
          await import("../../src/cli/main.js");
          expect(process.exitCode).toBe(code);
          expect(written.err.split("\n").slice(0, 2).join("\n")).toBe(said);
        }
        vi.resetModules();
        process.argv = ["node", "channel-grants", "explian"];
        await import("../../src/cli/main.js");
        expect(process.exitCode).toBe(2);
        expect(written.err).toContain("is no command");
      } finally {
        stdout.mockRestore();
        stderr.mockRestore();
        Object.assign(process, { argv, exitCode });
      }
    });

    it("begins with the line that makes a program of it", () => {
      expect(readFileSync(join(root, bin["channel-grants"]), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
      expect(
        execFileSync(process.execPath, [join(root, bin["channel-grants"]), "--help"], { encoding: "utf8" }),
      ).toContain("review");
    });
  });
});

it("the page on analysis shows what the command prints, about the file that it shows", () => {
  const page = readFileSync(join(root, "docs/analysis.md"), "utf8");
  expect(JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "")).toEqual(grants);
  const shown = /```text\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const lines = [...shown.matchAll(/^\$ npx channel-grants (.*)$/gm)].map(([, line]) => String(line));
  expect(lines.length).toBe(3);
  expect(shown).toBe(lines.map((line) => `$ npx channel-grants ${line}\n${ran(line).out}`).join("\n"));
});

describe("a review", () => {
  const account = createMatrix(engage, { users: grants.users as never, connections: grants.connections });

  it("lists what can allows, asked one by one (law 8)", () => {
    const { connections, account: whole } = reviewAccess(account);
    for (const { connection, users } of connections) {
      for (const id of account.users()) {
        const user = account.user(id);
        const may = [...allowedActions(user, connection), ...allowedActions(user, { connections: [connection] })];
        const listed = users.find((each) => each.user === id);
        expect(listed?.allows.flatMap(({ actions }) => actions).sort()).toEqual(
          may.length > 0 ? may.sort() : undefined,
        );
      }
    }
    for (const { action, users } of whole) {
      expect(users.map(({ user }) => user)).toEqual(
        account.users().filter((id) => can(account.user(id), action as "publish.create")),
      );
    }
    const approvers = whoCan(account, "publish.approve", { connections: ["fb"] });
    expect(approvers.map(({ user }) => user)).toEqual(account.usersFor("publish.approve", { connections: ["fb"] }));
    expect(whoCan(account, "connections.reconnect", "fb").map(({ through }) => through)).toEqual([
      { role: "viewer", area: "publish", level: "view-only" },
      { role: "viewer", area: "publish", level: "view-only" },
      { role: "admin" },
    ]);
  });

  it("refuses what it cannot be asked", () => {
    const refused = (options: unknown) => refusal(() => reviewAccess(account, options as never));
    expect(refused({ aprove: "publish.approve" })).toMatchObject({ code: "wrong-target", path: ["aprove"] });
    expect(refused([])).toMatchObject({ code: "wrong-target" });
    expect(refused({ post: "publish.create" })).toMatchObject({ code: "wrong-target", path: ["post"] });
  });

  it("is written in words, for a pull request too, whatever the ids", () => {
    const hostile = createMatrix(engage, { users: [{ id: "a|b_c", role: "admin" }], connections: ["*x*"] });
    expect(formatReview(reviewAccess(hostile), "markdown")).toContain('| "a\\|b\\_c" | admin |');
    const calling = createMatrix(engage, { users: [{ id: "@octo-cat", role: "admin" }], connections: ["&lt;", "a@b"] });
    const called = formatReview(reviewAccess(calling), "markdown");
    expect(called).toContain("| `@octo-cat` | admin |");
    expect(called).toContain('### "\\&lt;"\n');
    expect(called).toContain("### `a@b`\n");
    const unseen = createMatrix(engage, { users: [], connections: ["\u001b[31m\u009b31m\u202e\u2028\n`|`"] });
    expect(formatReview(reviewAccess(unseen)).split("\n")[0]).toBe('"\\u001b[31m\\u009b31m\\u202e\\u2028\\n`|`"');
    expect(formatAccess(whoCan(account, "publish.approve", { connections: ["ig"] }))).toBe("nobody\n");
    expect(formatAccess(whoCan(account, "publish.approve", { connections: ["fb"] }), "markdown")).toBe(
      "| user | role | through |\n| --- | --- | --- |\n| ben | viewer | publish approver everywhere |\n",
    );
    expect(formatReview(reviewAccess(createMatrix(engage, { users: [] })))).toBe(
      "no connections, and nobody who may do anything\n",
    );
    const drafts = createMatrix(buffer, {
      users: [{ id: "mia", role: "member", grants: { fb: { posting: "approval-required" } } }],
    });
    expect(formatReview(reviewAccess(drafts))).toContain("posting exactly approval-required");
  });
});

describe("the other texts", () => {
  const approver = { publish: "view-only", approver: true } as const;

  it("say what is against a policy", () => {
    const policy = define({
      name: "own",
      levels: ["none", "some", "all"],
      areas: { a: { levels: ["none", "some", "all"], flags: { idle: ["all"] } } },
      roles: { user: {}, chief: { holds: { a: "some" } } },
      actions: {
        never: { target: "group", allow: { role: "chief", area: "a", level: "all" } },
        ever: { target: "group", allow: [{ role: ["user", "chief"] }] },
        ask: { target: "group", allow: { area: "a", exactly: "some" } },
        tell: { target: "none", allow: { role: "chief" } },
      },
    });
    const claims = [
      { name: "told", always: ["tell"] },
      { name: "asked", when: ["ask"], never: ["ever", { area: "a", level: "some" }] },
    ];
    expect(formatReport(checkPolicy(policy, { claims }))).toMatchSnapshot();
    expect(formatReport(checkPolicy(policy, { claims }), "markdown")).toMatchSnapshot();
    const alike = define({
      ...JSON.parse(JSON.stringify(policy)),
      actions: { see: { target: "group", allow: { area: "a", level: "some" } } },
    });
    expect(formatReport(checkPolicy(alike))).toContain("some and all in a mean the same");
  });

  it("join what there is more than one of", () => {
    const report = formatReport(
      checkPolicy(engage, {
        claims: [
          {
            name: "alike",
            when: [{ area: "publish", some: "full-access" }, "publish.submit"],
            always: ["publish.post-now"],
          },
          {
            name: "apart",
            when: [{ area: "publish", some: "full-access" }, "analytics.view", { area: "publish", every: "approver" }],
            never: ["publish.approve"],
          },
        ],
      }),
    );
    expect(report).toMatch(/c1 and c2/);
    expect(report).toMatch(/ with c1 at [^\n]* and c2 at /);
    const account = createMatrix(engage, {
      users: ["ben", "cat"].map((id) => ({ id, role: "viewer" as const, grants: { fb: approver, ig: approver } })),
    });
    const post = { connections: ["fb", "ig"], author: "ana", status: "pending" as const, approvals: [], revision: 0 };
    const without = account.removeConnection("ig");
    expect(
      formatDiff(diffMatrices(account, without, { submissions: [{ ...post, steps: [["ben", "cat"]] }] })),
    ).toContain("post 1 by ana to fb and ig: step 1 loses ben and cat and can no longer be approved");
    const policy = define({
      name: "own",
      levels: ["none", "all"],
      areas: { a: { levels: ["none", "all"], flags: { signer: ["all"] } } },
      roles: { user: {}, chief: {} },
      actions: {
        act: { target: "group", allow: { role: ["user", "chief"], area: "a", level: "all", every: "signer" } },
      },
    });
    const users = [{ id: "ana", role: "chief", grants: { fb: { a: "all", signer: true } } }];
    const review = formatReview(reviewAccess(createMatrix(policy, { users } as never)));
    expect(review).toContain("role user or chief, a at least all and signer everywhere");
  });

  it("say how policies and accounts differ", () => {
    const second = JSON.parse(JSON.stringify(engage));
    second.roles = { admin: { holds: {} }, viewer: {} };
    second.areas.publish.flags.approver.push("needs-approval");
    second.areas.ads = { levels: ["no-access", "full-access"] };
    second.areas.notes = { levels: ["no-access", "full-access"] };
    second.actions["publish.edit"].allow.level = "view-only";
    second.actions["conversations.like"].allow = [{ area: "ads", level: "full-access" }];
    second.actions["analytics.view"].target = "group";
    second.actions["publish.pin"] = { target: "none", allow: { role: "admin" } };
    delete second.actions["publish.tag"];
    const changed = define(second);
    expect(formatComparison(comparePolicies(engage, changed))).toMatchSnapshot();
    expect(formatComparison(comparePolicies(changed, engage), "markdown")).toMatchSnapshot();
    const looser = JSON.parse(JSON.stringify(engage));
    looser.actions["publish.edit"].allow.level = "view-only";
    expect(formatComparison(comparePolicies(engage, define(looser)))).toContain("is looser than");
    expect(formatComparison(comparePolicies(define(looser), engage))).toContain("is stricter than");
    expect(formatComparison(comparePolicies(engage, buffer))).toContain("- only the first has role admin\n");
    const before = createMatrix(engage, { users: grants.users as never, connections: grants.connections });
    const moved = before
      .putUser({ id: "ben", role: "admin" })
      .removeUser("cat")
      .putUser({ id: "eve", role: "viewer", grants: { x: { publish: "full-access" } } })
      .removeConnection("ig");
    expect(formatDiff(diffMatrices(before, moved))).toMatchSnapshot();
    const one = before.revoke("ana", "fb");
    expect(formatDiff(diffMatrices(before, one))).toContain("1 grant and ");
    expect(formatDiff(diffMatrices(before, before), "markdown")).toBe("### 0 grants and 0 decisions change\n");
    const none = createMatrix(engage, { users: [], connections: ["fb"] });
    expect(formatReview(reviewAccess(none))).toBe("fb\n  ✗ nobody can approve\n  ✗ nobody can post\n");
    expect(formatReview(reviewAccess(none), "markdown")).toBe(
      "### fb\n\n- ✗ nobody can approve\n- ✗ nobody can post\n",
    );
    const alone = createMatrix(engage, { users: [{ id: "ana", role: "admin" }] });
    expect(formatReview(reviewAccess(alone)).split("\n")[0]).toBe("the account as a whole");
  });
});

it("no text obeys a name: none is more than a word in its line, in a terminal or in a pull request", () => {
  const words = [
    "\u001b[31m",
    "a\n# b",
    "`c`",
    "|",
    "\u202ed",
    "\u009b1m",
    "<!--",
    "__proto__",
    "@e",
    "f,g",
    "\\",
    "",
    "&lt;",
    "\u200e\u061c",
    "::stop-commands::x",
    "##[add-mask]",
  ];
  const top = "\u001b[2m`|\n";
  const [lowest = "", level = "", area = "", flag = "", role = "", owner = "", act = "", go = "", pick = ""] = words;
  const entries = (...list: [string, unknown][]) => Object.fromEntries(list);
  const definition = {
    name: words[9],
    levels: [lowest, level, top],
    areas: entries([area, { levels: [lowest, level, top], flags: entries([flag, [level]]) }]),
    roles: entries([role, {}], [owner, { holds: entries([area, level]) }]),
    actions: entries(
      [act, { target: "group", allow: [{ role: owner }, { area, every: flag }] }],
      [go, { target: "none", allow: [{ role: [role, owner] }, { area, some: level }] }],
      [pick, { target: "connection", allow: { area, exactly: level } }],
    ),
  };
  const policy = define(definition);
  const other = define({
    ...definition,
    roles: entries([role, {}]),
    actions: entries([act, { target: "group", allow: { role } }]),
  });
  const users = words.map((id, index) => {
    const grants = words.map((each): [string, object] => [each, entries([area, level], [flag, index % 2 === 0])]);
    return index % 3 === 0 ? { id, role: owner } : { id, role, grants: new Map(grants) };
  });
  const account = createMatrix(policy, { users: users as never, connections: words });
  const emptied = words
    .slice(0, 6)
    .reduce((matrix, id) => matrix.removeUser(id), account)
    .removeConnection(level);
  const claims = words.map((name) => ({ name, always: [act], never: [go] }));
  const asked = { groups: [{ connections: words }], approve: act, post: act };
  const texts = (["text", "markdown"] as const).map((form) => [
    formatReport(checkPolicy(policy, { claims, separate: [[act, pick]] }), form),
    formatComparison(comparePolicies(policy, other), form),
    formatComparison(comparePolicies(other, policy), form),
    formatDiff(diffMatrices(account, emptied, asked), form),
    formatDiff(diffMatrices(emptied, account, asked), form),
    formatReview(reviewAccess(account, { approve: act, post: act }), form),
    formatAccess(whoCan(account, act, ...([{ connections: words }] as never)), form),
  ]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
  const obeyed = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u200e\u061c]|^\s*::|##\[/m;
  for (const text of texts.flat()) expect(text).not.toMatch(obeyed);
  for (const text of texts[1] ?? []) {
    for (const table of text.split("\n\n").filter((part) => part.startsWith("|"))) {
      const cells = table
        .trimEnd()
        .split("\n")
        .map((row) => row.split(/(?<!\\)(?:\\\\)*\|/).length);
      expect(new Set(cells).size).toBe(1);
    }
    // What is left of the marks is the code that says whom it would call.
    const marked = text
      .replaceAll(/\\./g, "")
      .replaceAll(/`[^`\n]+`/g, "")
      .replaceAll(/^(?:### | *- |\|[ |-]*)|\|/gm, "");
    expect(marked).not.toMatch(/[`*_<>[\]#~&]|(?<!\w)@/);
  }
});
