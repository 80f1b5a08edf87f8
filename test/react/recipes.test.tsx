// @vitest-environment jsdom

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as mantine from "@mantine/core";
import * as reactQuery from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import * as jsxRuntime from "react/jsx-runtime";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as library from "../../src/index.js";
import * as entry from "../../src/react/index.js";

// The recipes of docs/react.md, as they stand there: `test/docs/snippets.test.ts` compiles them.

const { buffer, createMatrix, engage } = library;
const page = readFileSync(join(import.meta.dirname, "../../docs/react.md"), "utf8");

/** Runs a file of the page, and gives its names. */
function recipe<Names>(file: string): Names {
  const [, code = ""] = page.split(`// ${file}\n`);
  const { outputText } = ts.transpileModule(code.slice(0, code.indexOf("\n```")), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, jsx: ts.JsxEmit.ReactJSX },
  });
  const known = new Map<string, unknown>([
    ["@mantine/core", mantine],
    ["@tanstack/react-query", reactQuery],
    ["react/jsx-runtime", jsxRuntime],
    ["channel-grants", library],
    ["channel-grants/react", entry],
  ]);
  const exports = {};
  new Function("require", "exports", outputText)((name: string) => known.get(name), exports);
  return exports as Names;
}

let complaints: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  complaints = vi.spyOn(console, "error");
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
});
afterEach(() => {
  cleanup();
  expect(complaints).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("AssignGrant", () => {
  const owners = createMatrix(buffer, {
    users: [
      { id: "boss", role: "owner" },
      { id: "mia", role: "member" },
    ],
    connections: ["fb"],
  });

  interface AssignGrantProps {
    readonly policy: library.Policy;
    readonly account: library.GrantMatrix;
    readonly giver?: library.User;
    readonly user: string;
    readonly connection: string;
    readonly onAssign: (account: library.GrantMatrix) => void;
  }
  const { AssignGrant } = recipe<{ readonly AssignGrant: (props: AssignGrantProps) => ReactNode }>("assign-grant.tsx");
  const account = createMatrix(engage, {
    users: [
      { id: "ana", role: "viewer", grants: { fb: { publish: "view-only", approver: true, analytics: "full-access" } } },
      { id: "ben", role: "viewer", grants: { fb: { publish: "needs-approval" } } },
    ],
    connections: ["fb", "ig"],
  });

  /** Shows the form, which keeps what is assigned. */
  function form(
    policy: library.Policy,
    first: library.GrantMatrix,
    about: Pick<AssignGrantProps, "giver" | "user" | "connection">,
  ) {
    const seen = { account: first };
    const element = () => (
      <mantine.MantineProvider env="test">
        <AssignGrant policy={policy} account={seen.account} {...about} onAssign={onAssign} />
      </mantine.MantineProvider>
    );
    const onAssign = (next: library.GrantMatrix) => {
      seen.account = next;
      rerender(element());
    };
    const { rerender } = render(element());
    return seen;
  }
  const select = (area: string) => screen.getByLabelText<HTMLSelectElement>(`Level of ${area}`);
  const offered = (area: string) => [...select(area).options].map(({ value }) => value);
  const flag = (name: string) => screen.queryByLabelText<HTMLInputElement>(name);
  const choose = (area: string, value: string) => fireEvent.change(select(area), { target: { value } });

  it("offers the levels of each area, and disables a flag that cannot stand beside the level", () => {
    const seen = form(engage, account, { user: "ana", connection: "fb" });
    expect(offered("conversations")).toEqual(["no-access", "view-only", "full-access"]);
    expect(offered("publish")).toEqual(["no-access", "view-only", "needs-approval", "full-access"]);
    expect(offered("analytics")).toEqual(["no-access", "full-access"]);
    expect([flag("approver")?.checked, flag("approver")?.disabled]).toEqual([true, false]);
    choose("publish", "needs-approval");
    // E: an approver is at view-only or full-access.
    expect([flag("approver")?.checked, flag("approver")?.disabled]).toEqual([false, true]);
    expect(seen.account.grant("ana", "fb")).toMatchObject({ publish: "needs-approval", approver: false });
    choose("publish", "full-access");
    expect(flag("approver")?.disabled).toBe(false);
    fireEvent.click(flag("approver") as HTMLElement);
    expect(seen.account.grant("ana", "fb")).toEqual({
      conversations: "no-access",
      publish: "full-access",
      approver: true,
      analytics: "full-access",
    });
  });

  it("hides what the giver lacks, but for what the user holds already", () => {
    form(engage, account, { giver: account.user("ben"), user: "ana", connection: "fb" });
    expect(offered("publish")).toEqual(["no-access", "view-only", "needs-approval"]);
    expect(offered("conversations")).toEqual(["no-access"]);
    expect(offered("analytics")).toEqual(["no-access", "full-access"]);
    expect(flag("approver")?.checked).toBe(true);
    cleanup();
    form(engage, account, { giver: account.user("ben"), user: "ben", connection: "fb" });
    expect(flag("approver")).toBeNull();
  });

  it("offers nothing but legal grants, in each model: whatever is chosen is accepted", () => {
    for (const [policy, matrix, user] of [
      [engage, account, "ana"],
      [buffer, owners, "mia"],
    ] as const) {
      for (const [area, { levels }] of Object.entries(policy.areas)) {
        for (const level of levels) {
          const seen = form(policy, matrix, { user, connection: "fb" });
          choose(area, level);
          expect(seen.account.grant(user, "fb")).toMatchObject({ [area]: level });
          cleanup();
        }
      }
    }
  });

  it("of a role that holds everywhere, nothing can be chosen", () => {
    form(buffer, owners, { user: "boss", connection: "fb" });
    for (const area of Object.keys(buffer.areas)) expect(select(area).matches(":disabled")).toBe(true);
  });
});

describe("React Query", () => {
  const { Session, useCan, useUser } = recipe<{
    readonly Session: (props: { readonly load: () => Promise<unknown>; readonly children: ReactNode }) => ReactNode;
    readonly useCan: (action: string, target?: object) => boolean;
    readonly useUser: () => library.User | undefined;
  }>("session.tsx");

  it("loads the user, and renders again for a row that says something else, and for no other", async () => {
    let row: object = { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } };
    const seen: unknown[] = [];
    const Page = () => {
      const may = useCan("publish.post-now", { connections: ["fb"] });
      seen.push([useUser()?.id, may]);
      return null;
    };
    const client = new reactQuery.QueryClient({ defaultOptions: { queries: { retry: false } } });
    const children = <Page />;
    const load = vi.fn(async () => structuredClone(row));
    render(
      <reactQuery.QueryClientProvider client={client}>
        <Session load={load}>{children}</Session>
      </reactQuery.QueryClientProvider>,
    );
    await waitFor(() =>
      expect(seen).toEqual([
        [undefined, false],
        ["ana", false],
      ]),
    );
    await client.invalidateQueries({ queryKey: ["me"] });
    row = { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } };
    await client.invalidateQueries({ queryKey: ["me"] });
    await waitFor(() =>
      expect(seen).toEqual([
        [undefined, false],
        ["ana", false],
        ["ana", true],
      ]),
    );
    row = { id: "ana", role: "boss" };
    await client.invalidateQueries({ queryKey: ["me"] });
    await waitFor(() => expect(client.getQueryState(["me"])?.data).toEqual(row));
    expect(load).toHaveBeenCalledTimes(4);
    client.clear();
  });
});
