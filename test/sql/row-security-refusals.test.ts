import { describe, expect, it, test } from "vitest";
import { engage } from "../../src/index.js";
import { createGrantsSql } from "../../src/sql/index.js";
import { refusal } from "../support/refusal.js";

const { rowSecurity } = createGrantsSql(engage, { dialect: "postgresql" });
const usual = {
  user: { setting: "app.user_id" },
  account: { setting: "app.account_id" },
  per: "row",
  role: "app",
  actions: { select: "publish.view" },
} as const;
const { role: _, ...withoutRole } = usual;
const write = (changed: object) => rowSecurity({ ...usual, ...changed } as never).join(";\n");

describe("what cannot be meant is refused, with its name and what would do", () => {
  it.each(["sqlite", "mysql"] as const)("%s has no row level security", (dialect) => {
    const call = () => createGrantsSql(engage, { dialect }).rowSecurity(usual);
    expect(refusal(call)).toEqual({
      code: "invalid-tables",
      path: ["dialect"],
      message: `"${dialect}" has no row level security; expected "postgresql" (at "dialect")`,
    });
  });

  const identities = 'expected { setting }, { appMetadata }, or "auth.uid()"';
  const cases: [what: string, changed: object, path: (string | number)[], says: string][] = [
    ["an unknown key", { actions: { select: "publish.view" }, tables: [] }, ["tables"], 'unknown key "tables"'],
    ["a user by name", { user: "ana" }, ["user"], `"ana" is not an identity; ${identities}`],
    ["no way to find the account", { account: {} }, ["account"], `0 keys are not an identity; ${identities}`],
    ["two ways", { user: { setting: "a.b", appMetadata: "c" } }, ["user"], `2 keys are not an identity; ${identities}`],
    ["what the user may write", { account: { userMetadata: "account" } }, ["account", "userMetadata"], "unknown key"],
    ["a setting of PostgreSQL itself", { user: { setting: "role" } }, ["user", "setting"], "expected one with a dot"],
    ["a setting that is none", { user: { setting: "app.user', ''" } }, ["user", "setting"], "is not a setting"],
    ["a setting that is no text", { user: { setting: 7 } }, ["user", "setting"], "expected a string"],
    ["an empty field", { account: { appMetadata: "" } }, ["account", "appMetadata"], '"" is not a name'],
    ["a field with NUL", { account: { appMetadata: "\0" } }, ["account", "appMetadata"], "without NUL"],
    ["another way of asking", { per: "page" }, ["per"], 'expected "row" or "statement"'],
    ["nobody", { role: "none" }, ["role"], '"none" is not a role'],
    ["everybody", { role: "public" }, ["role"], '"public" is not a role'],
    ["a schema that is exposed", { schema: "public" }, ["schema"], '"public" is in use for tables'],
    ["no views", { views: "feed" }, ["views"], "expected an array"],
    ["a view without a name", { views: ["feed", ""] }, ["views", 1], '"" is not a name in SQL'],
    ["no actions", { actions: [] }, ["actions"], "expected a plain object"],
    [
      "an action for another command",
      { actions: { select: "publish.view", truncate: "x" } },
      ["actions", "truncate"],
      "unknown key",
    ],
  ];
  test.each(cases)("%s", (_, changed, path, says) => {
    const { message, ...rest } = refusal(() => write(changed));
    expect(rest).toEqual({ code: "invalid-query", path });
    expect(message).toContain(says);
  });

  it("an action that asks about something else is refused", () => {
    const ask = (actions: object) => refusal(() => write({ actions }));
    expect(ask({})).toMatchObject({ code: "unknown-action" });
    expect(ask({ select: "publish.create" })).toMatchObject({ code: "wrong-target" });
    expect(ask({ select: "publish.view", insert: "publish.select" })).toMatchObject({ code: "wrong-target" });
    expect(ask({ select: "publish.view", create: "publish.edit" })).toMatchObject({ code: "wrong-target" });
    expect(ask({ select: "publish.view", manage: "publish.edit" })).toMatchObject({ code: "wrong-target" });
  });

  it("a schema that has one of the tables is refused", () => {
    const { rowSecurity } = createGrantsSql(engage, { dialect: "postgresql", links: { table: ["app", "links"] } });
    expect(refusal(() => rowSecurity({ ...usual, schema: "app" }))).toMatchObject({
      code: "invalid-query",
      path: ["schema"],
    });
  });

  it("an account is not named where there is one alone", () => {
    const alone = createGrantsSql(engage, { dialect: "postgresql", accounts: "one" });
    expect(refusal(() => alone.rowSecurity(usual as never))).toMatchObject({
      code: "invalid-query",
      path: ["account"],
    });
  });

  it("a role has to be named, except in Supabase", () => {
    expect(refusal(() => rowSecurity(withoutRole))).toMatchObject({ code: "invalid-query", path: ["role"] });
    expect(rowSecurity({ ...withoutRole, user: "auth.uid()" }).join()).toContain('TO "authenticated"');
  });
});

it("a name or a text is never read as SQL", () => {
  const text = write({
    role: `app"; DROP '`,
    schema: 'rules"',
    account: { appMetadata: "it's" },
    views: [["app", 'feed"']],
  });
  expect(text).toContain(`TO "app""; DROP '"`);
  expect(text).toContain(`rolname = ''app"; DROP ''''''`);
  expect(text).toContain('"rules""".account_id()');
  expect(text).toContain(`''app_metadata'' ->> ''it''''s''`);
  expect(text).toContain('ALTER VIEW "app"."feed""" SET (security_invoker = TRUE)');
});

it("the statements cannot be changed", () => {
  expect(Object.isFrozen(rowSecurity(usual))).toBe(true);
});
