import { act, type ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { buffer, createMatrix, createUser, type Engage, engage, explain, type User } from "../../src/index.js";
import { createGrantsReact, formatDecision } from "../../src/react/index.js";
import { createWords, english, german } from "../../src/words/index.js";
import type { Renderer as AnyRenderer } from "./concurrent.js";

// What a page says and offers, with both versions of React.

type Renderer = Pick<AnyRenderer, "createRoot" | "renderToString">;

const { Can, GrantsProvider, useConnections, useDecision, useMatrix, useUser, useWords } = createGrantsReact(engage);
const user = (id: string, publish: "view-only" | "needs-approval" | "full-access") =>
  createUser(engage, {
    id,
    role: "viewer",
    grants: { fb: { publish }, ig: { publish: "full-access" } },
    connections: ["x"],
  });
const labels = { actions: { "publish.post-now": "post this" }, levels: { "full-access": "Full access" } } as const;
const words = createWords(engage, { language: english, ...labels, users: { ben: "Ben" } });
const post = { connections: ["fb"] };

function Reason() {
  const decision = useDecision("publish.post-now", post);
  const said = useWords();
  return <p>{formatDecision(decision, said)}</p>;
}

export function itSpeaksAndOffers({ createRoot, renderToString }: Renderer): void {
  beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
  afterEach(() => vi.unstubAllGlobals());
  const shown = (children: ReactNode) => renderToString(children).replaceAll("&#x27;", "'").replaceAll("<!-- -->", "");

  it("useUser gives the user of the provider, and nobody until it is loaded", () => {
    const seen: (User<Engage> | undefined)[] = [];
    const Who = () => {
      seen.push(useUser());
      return null;
    };
    const ana = user("ana", "view-only");
    for (const each of [ana, undefined])
      shown(
        <GrantsProvider user={each}>
          <Who />
        </GrantsProvider>,
      );
    expect(seen).toEqual([ana, undefined]);
    expect(seen[0]).toBe(ana);
  });

  it("useConnections offers what the connectionsFor of a matrix does, and nothing until the user is loaded", () => {
    const seen: (readonly string[])[] = [];
    const Picker = () => {
      seen.push(useConnections("publish.select"), useConnections("publish.post-now"), useConnections("publish.view"));
      return null;
    };
    for (const publish of ["view-only", "needs-approval"] as const) {
      const ana = user("ana", publish);
      const account = createMatrix(engage, { users: [ana.toJSON()] });
      shown(
        <GrantsProvider user={ana}>
          <Picker />
        </GrantsProvider>,
      );
      const expected = (["publish.select", "publish.post-now", "publish.view"] as const).map((action) =>
        account.connectionsFor("ana", action),
      );
      expect(seen.splice(0)).toEqual(expected);
    }
    shown(
      <GrantsProvider user={undefined}>
        <Picker />
      </GrantsProvider>,
    );
    expect(seen).toEqual([[], [], []]);
  });

  it("useConnections refuses an action on the account as a whole", () => {
    const Wrong = () => useConnections("publish.create" as never);
    expect(() =>
      shown(
        <GrantsProvider user={user("ana", "view-only")}>
          <Wrong />
        </GrantsProvider>,
      ),
    ).toThrow("publish.create has no target");
  });

  it("the words of a provider speak to its user, and those of the nearest provider count", () => {
    const [ana, ben] = [user("ana", "view-only"), user("ben", "view-only")];
    const toAna = "<p>You can't post this: fb needs Full access (you have view-only).</p>";
    expect(
      shown(
        <GrantsProvider user={ana} words={words}>
          <Reason />
        </GrantsProvider>,
      ),
    ).toBe(toAna);
    const nested = (
      <GrantsProvider user={ana} words={words}>
        <GrantsProvider user={ben}>
          <Reason />
        </GrantsProvider>
        <GrantsProvider user={ana} words={createWords(engage, { language: german })}>
          <Reason />
        </GrantsProvider>
      </GrantsProvider>
    );
    expect(shown(nested)).toBe(
      `${toAna}<p>„publish.post-now“ ist dir nicht erlaubt: fb erfordert „full-access“ (du hast „view-only“).</p>`,
    );
  });

  it("a reader who is named in the words stays the reader", () => {
    const forAna = createWords(engage, { language: english, reader: "ana", ...labels, users: { ben: "Ben" } });
    expect(
      shown(
        <GrantsProvider user={user("ben", "view-only")} words={forAna}>
          <Reason />
        </GrantsProvider>,
      ),
    ).toBe("<p>Ben can't post this: fb needs Full access (Ben has view-only).</p>");
  });

  it("without words the sentence is the plain one; before the user is loaded it says so", () => {
    expect(
      shown(
        <GrantsProvider user={user("ana", "view-only")}>
          <Reason />
        </GrantsProvider>,
      ),
    ).toContain("ana may not publish.post-now on fb: ");
    expect(
      shown(
        <GrantsProvider user={undefined} words={words}>
          <Reason />
        </GrantsProvider>,
      ),
    ).toBe("<p>You can't post this yet: your permissions are still loading.</p>");
  });

  it("words that nobody made are refused", () => {
    const wrong = { locale: "en", form: "short" } as const;
    expect(() =>
      shown(
        <GrantsProvider user={undefined} words={wrong}>
          <Reason />
        </GrantsProvider>,
      ),
    ).toThrow("an object is no words; expected what createWords returns");
  });

  it("other words render only what asked for words, and the same words are the same object", async () => {
    const renders = { gated: 0, said: 0 };
    const seen = new Set<unknown>();
    const Gated = () => {
      renders.gated += 1;
      return (
        <Can do="publish.edit" on={post} fallback="no">
          yes
        </Can>
      );
    };
    const Said = () => {
      renders.said += 1;
      seen.add(useWords());
      return null;
    };
    const children = [<Gated key="gated" />, <Said key="said" />];
    const root = createRoot(document.createElement("div"));
    const [ana, other] = [user("ana", "view-only"), createWords(engage, { language: german })];
    for (const each of [words, words, other]) {
      await act(async () =>
        root.render(
          <GrantsProvider user={ana} words={each}>
            {children}
          </GrantsProvider>,
        ),
      );
    }
    expect(renders).toEqual({ gated: 1, said: 2 });
    expect(seen.size).toBe(2);
    expect(formatDecision(explain(ana, "publish.edit", post), [...seen][0] as never)).toMatch(/^You can't /);
    await act(async () => root.unmount());
  });

  it("useMatrix gives the matrix of the nearest provider that has one", () => {
    const seen: unknown[] = [];
    const Holding = () => {
      seen.push(useMatrix());
      return null;
    };
    const ana = user("ana", "view-only");
    const [account, other] = [{ users: [ana.toJSON()] }, { users: [] }].map((each) => createMatrix(engage, each));
    shown(
      <GrantsProvider user={ana} matrix={account}>
        <Holding />
        <GrantsProvider user={undefined}>
          <Holding />
        </GrantsProvider>
        <GrantsProvider user={ana} matrix={other}>
          <Holding />
        </GrantsProvider>
      </GrantsProvider>,
    );
    shown(
      <GrantsProvider user={ana}>
        <Holding />
      </GrantsProvider>,
    );
    expect(seen.map((each) => [account, other, undefined].indexOf(each as never))).toEqual([0, 0, 1, 2]);
    expect(() => shown(<Holding />)).toThrow('no GrantsProvider of "engage" above this component');
  });

  it.each([
    ['a matrix of another policy; expected a matrix of "engage"', createMatrix(buffer, { users: [] })],
    ["an object is not a matrix; expected what createMatrix returns", {}],
  ])("a provider refuses what is no matrix of its policy: %s", (message, matrix) => {
    const provided = { user: undefined, matrix: matrix as never };
    expect(() => shown(<GrantsProvider {...provided} />)).toThrow(message);
  });

  it("another matrix renders only what asked for it, and another user does not", async () => {
    let renders = 0;
    const Holding = () => {
      renders += 1;
      useMatrix();
      return null;
    };
    const child = <Holding />;
    const root = createRoot(document.createElement("div"));
    const [ana, ben] = [user("ana", "view-only"), user("ben", "view-only")];
    const account = createMatrix(engage, { users: [ana.toJSON()] });
    const counts: number[] = [];
    for (const [who, matrix] of [
      [ana, account],
      [ben, account],
      [ben, account.addConnection("y")],
    ] as const) {
      await act(async () =>
        root.render(
          <GrantsProvider user={who} matrix={matrix}>
            {child}
          </GrantsProvider>,
        ),
      );
      counts.push(renders);
    }
    expect(counts).toEqual([1, 1, 2]);
    await act(async () => root.unmount());
  });
}
