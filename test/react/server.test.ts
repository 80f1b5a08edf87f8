import { describe, expect, it, vi } from "vitest";

// The React entry where there is no window, in both versions of React that there are.

const folders = { "18": "../react-18/node_modules", "19": "../../node_modules" };

describe.each(["18", "19"] as const)("on a server with React %s", (major) => {
  const from = (file: string) => import(/* @vite-ignore */ `${folders[major]}/${file}`);

  it("what a user may do is in the markup, and React has no complaint", async () => {
    vi.doMock("react", () => from("react/index.js"));
    vi.doMock("react/jsx-runtime", () => from("react/jsx-runtime.js"));
    vi.doMock("react/jsx-dev-runtime", () => from("react/jsx-dev-runtime.js"));
    vi.resetModules();
    const { createElement, version }: typeof import("react") = await import("react");
    const { renderToString }: typeof import("react-dom/server") = await from("react-dom/server.js");
    const library = await import("../../src/index.js");
    const { createGrantsReact } = await import("../../src/react/index.js");
    expect(version).toMatch(new RegExp(`^${major}\\.`));
    expect("window" in globalThis).toBe(false);
    const complaints = vi.spyOn(console, "error");
    const { Can, GrantsProvider, useAccessLevel } = createGrantsReact(library.engage);
    const Level = () => useAccessLevel("publish", "fb");
    const children = createElement(Can, { do: "publish.create", fallback: "no" }, createElement(Level));
    const user = library.createUser(library.engage, {
      id: "ana",
      role: "viewer",
      grants: { fb: { publish: "full-access" } },
    });
    expect(renderToString(createElement(GrantsProvider, { user }, children))).toBe("full-access");
    expect(renderToString(createElement(GrantsProvider, { user: undefined }, children))).toBe("no");
    expect(complaints).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});
