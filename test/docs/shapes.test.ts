import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { page, type Shape, shapes, withShapes } from "../../docs/shapes.js";
import { type Definition, type Group, modelCan, type Person } from "../support/reference-model.js";

const markdown = readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");

it("the shapes and their tables are what the files define and the policies answer (npm run tables writes them)", () => {
  expect(markdown).toBe(withShapes(markdown));
});

it("a page without a place for a shape is refused", () => {
  expect(() => withShapes("# A page")).toThrow("<!-- shape: suite -->");
});

/** The cells of a shape's table as the page shows them, by action and column. */
function shown({ name }: Shape): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const place = markdown.slice(
    markdown.indexOf(`<!-- shape: ${name} -->`),
    markdown.indexOf(`<!-- /shape: ${name} -->`),
  );
  const [head = [], , ...rows] = place
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.replaceAll("`", "").split("|").slice(1, -1));
  const titles = head.slice(1).map((title) => title.trim());
  return new Map(
    rows.map(([action = "", ...cells]) => [
      action.trim(),
      new Map(titles.map((title, index) => [title, cells[index]?.trim() ?? ""])),
    ]),
  );
}

describe.each(shapes)("the table of $name", (shape) => {
  const { policy, columns } = shape;
  const definition = policy as unknown as Definition;
  it("is what the second model answers", () => {
    const expected = Object.entries(definition.actions).map(([action, { target }]) => {
      const cells = columns.map(({ title, user, connections, relations }) => {
        const person = { grants: [], connections: [], ...user } as unknown as Person;
        person.grants = Array.isArray(user.grants) ? user.grants : Object.entries(user.grants ?? {});
        const group = { connections: [...connections], ...relations } as Group;
        const targets = { none: [undefined], connection: group.connections, group: [group] }[target];
        return [title, targets.every((each) => modelCan(definition, person, action, each)) ? "yes" : ""] as const;
      });
      return [action, new Map(cells)] as const;
    });
    expect(shown(shape)).toEqual(new Map(expected));
  });
});

/** The columns in which an action is allowed. */
function allowed(name: string, action: string): readonly string[] {
  const shape = shapes.find((each) => each.name === name) as Shape;
  return [...(shown(shape).get(action) ?? [])].filter(([, cell]) => cell === "yes").map(([title]) => title);
}

describe("the tables say what the page tells of the products", () => {
  it("full access or the flag approves, on each profile, and never the author", () => {
    expect(allowed("suite", "posts.approve")).toEqual(["view + approver", "full", "full; view + approver"]);
  });

  it("with draft, the author and the assignee edit, and others do not", () => {
    expect(allowed("suite", "posts.edit")).toEqual([
      "draft, author",
      "draft, assignee",
      "draft + approver, author",
      "full",
      "full, author",
    ]);
  });

  it("jobs are posted by the jobs manager and by editors, page by page", () => {
    expect(allowed("page-roles", "jobs.post")).toEqual([
      "jobs-manager",
      "editor",
      "editor + ads",
      "admin",
      "jobs-manager; editor",
      "admin; editor + ads",
    ]);
  });

  it("admins need no tick, and a tick without its level boosts nothing", () => {
    expect(allowed("page-roles", "ads.create")).toEqual([
      "analyst + ads",
      "editor + ads",
      "admin",
      "admin; editor + ads",
    ]);
    expect(allowed("page-roles", "posts.boost")).toEqual(["editor + ads", "admin", "admin; editor + ads"]);
    expect(allowed("page-roles", "leads.download")).toEqual(["moderator + leads", "admin"]);
  });

  it("a tick about channels counts on the user's channels, one about the organisation everywhere", () => {
    expect(allowed("organisation", "create-posts")).toEqual(["owner", "copywriter"]);
    expect(allowed("organisation", "upload-media")).toEqual(["owner", "copywriter", "copywriter, on another channel"]);
    expect(allowed("organisation", "pay-bills")).toEqual(["owner", "accountant"]);
    expect(allowed("organisation", "edit-security")).toEqual(["owner"]);
  });

  it("the organisation has forty ticks, and an action for each", () => {
    const { policy } = shapes.find(({ name }) => name === "organisation") as Shape;
    const ticks = Object.keys(policy.areas).filter((area) => policy.areas[area]?.of === "account");
    expect(ticks).toHaveLength(40);
    expect(Object.keys(policy.actions)).toEqual(ticks);
  });
});
