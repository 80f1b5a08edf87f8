import {
  act,
  memo,
  type ReactNode,
  StrictMode,
  Suspense,
  startTransition,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useState,
  useTransition,
} from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createUser, type Engage, engage, type User } from "../../src/index.js";
import { createGrantsReact } from "../../src/react/index.js";

/** What a version of React brings for one renderer. */
export interface Renderer {
  readonly createRoot: typeof import("react-dom/client").createRoot;
  readonly hydrateRoot: typeof import("react-dom/client").hydrateRoot;
  readonly renderToString: typeof import("react-dom/server").renderToString;
}

type Shown = User<Engage> | undefined;

const { Can, GrantsProvider, useCan, useDecision } = createGrantsReact(engage);
const group = { connections: ["fb"] };
const viewer = (publish: "needs-approval" | "full-access") =>
  createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish } } });
const intern = viewer("needs-approval");
const editor = viewer("full-access");

/** What is loaded once it is resolved, and suspends whoever reads it before. */
function pendingPart() {
  let loaded = false;
  let finish = () => {};
  const promise = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    read() {
      if (!loaded) throw promise;
    },
    async resolve() {
      loaded = true;
      finish();
      await promise;
    },
  };
}

const Button = ({ prefix = "" }: { readonly prefix?: string }) => (
  <>
    {prefix}
    <Can do="publish.post-now" on={group} fallback="Ask">
      Post
    </Can>
  </>
);

/** The buttons: memoised, so that nothing but their own questions renders them anew. */
const Bar = memo(({ name }: { readonly name: string }) => {
  const post = useCan("publish.post-now", group);
  const why = useDecision("publish.post-now", group);
  const [round, setRound] = useState(0);
  return (
    <p>
      {name} {String(post)} {why.allowed ? "yes" : why.reason} <Button />
      <button type="button" name={name} onClick={() => setRound(round + 1)}>
        {round}
      </button>
    </p>
  );
});
const internBar = "bar false level-too-low Ask";
const editorBar = "bar true yes Post";

/** The tests of what React renders beside what is shown: with each version, in StrictMode and out of it. */
export function itAnswersForItsOwnRender({ createRoot, hydrateRoot, renderToString }: Renderer): void {
  beforeEach(() => {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  describe.each([
    ["StrictMode", (element: ReactNode) => <StrictMode>{element}</StrictMode>],
    ["no StrictMode", (element: ReactNode) => element],
  ])("what a render shows belongs to that render alone, in %s", (_, within) => {
    /** Shows an application, and what was on the screen at each commit. */
    async function start(App: (props: { readonly commit: () => void }) => ReactNode) {
      const container = document.createElement("div");
      document.body.append(container);
      const root = createRoot(container);
      const seen: (string | null)[] = [];
      const commit = () => {
        if (seen.at(-1) !== container.textContent) seen.push(container.textContent);
      };
      await act(async () => root.render(within(<App commit={commit} />)));
      return {
        container,
        seen,
        click: (name: string) =>
          act(async () => {
            container.querySelector<HTMLElement>(`[name="${name}"]`)?.click();
          }),
        async stop() {
          await act(async () => root.unmount());
          container.remove();
        },
      };
    }

    /** Buttons, and a page that has to load something where its user may post. */
    function withPage(part: ReturnType<typeof pendingPart>) {
      let become: (user: Shown) => void = () => {};
      const Page = ({ commit }: { readonly commit: () => void }) => {
        const allowed = useCan("publish.post-now", group);
        if (allowed) part.read();
        useLayoutEffect(commit);
        return allowed ? "editor" : "draft";
      };
      const App = ({ commit }: { readonly commit: () => void }) => {
        const [user, setUser] = useState<Shown>(intern);
        become = setUser;
        const [bar] = useState(<Bar name="bar" />);
        const [page] = useState(<Page commit={commit} />);
        return (
          <GrantsProvider user={user}>
            {bar}
            <Suspense fallback={<Button prefix="loading " />}>{page}</Suspense>
          </GrantsProvider>
        );
      };
      return { App, become: (user: Shown) => become(user) };
    }

    it("a transition to another user that suspends keeps the old screen, with the old user's buttons", async () => {
      const part = pendingPart();
      const { App, become } = withPage(part);
      const { container, click, seen, stop } = await start(App);
      await act(async () => startTransition(() => become(editor)));
      expect(container.textContent).toBe(`${internBar}0draft`);
      // Somebody clicks on the old screen, which renders a part of it anew.
      await click("bar");
      expect(container.textContent).toBe(`${internBar}1draft`);
      await act(part.resolve);
      expect(container.textContent).toBe(`${editorBar}1editor`);
      expect(seen).toEqual([`${internBar}0draft`, `${editorBar}1editor`]);
      await stop();
    });

    it("a transition that is given up leaves the old user's screen", async () => {
      const part = pendingPart();
      const { App, become } = withPage(part);
      const { container, click, seen, stop } = await start(App);
      await act(async () => startTransition(() => become(editor)));
      await act(async () => become(intern));
      expect(container.textContent).toBe(`${internBar}0draft`);
      await act(part.resolve);
      await click("bar");
      expect(container.textContent).toBe(`${internBar}1draft`);
      expect(seen.filter((text) => !text?.startsWith(internBar))).toEqual([]);
      await stop();
    });

    it("a page that suspends outside of a transition shows its fallback, for the new user", async () => {
      const part = pendingPart();
      const { App, become } = withPage(part);
      const { container, stop } = await start(App);
      await act(async () => become(editor));
      expect(container.textContent).toBe(`${editorBar}0loading Post`);
      await act(part.resolve);
      expect(container.textContent).toBe(`${editorBar}0editor`);
      await stop();
    });

    it("whoever waits for the transition sees that it is pending, on the old user's screen", async () => {
      const part = pendingPart();
      const Page = memo(() => {
        if (useCan("publish.post-now", group)) part.read();
        return "page";
      });
      const page = (
        <Suspense fallback="loading">
          <Page />
        </Suspense>
      );
      const App = ({ commit }: { readonly commit: () => void }) => {
        const [user, setUser] = useState(intern);
        const [pending, start] = useTransition();
        useLayoutEffect(commit);
        return (
          <GrantsProvider user={user}>
            <button type="button" name="become" onClick={() => start(() => setUser(editor))} />
            {pending ? "pending " : "settled "}
            <Bar name="bar" />
            {page}
          </GrantsProvider>
        );
      };
      const { click, seen, stop } = await start(App);
      await click("become");
      await act(part.resolve);
      expect(seen).toEqual([`settled ${internBar}0page`, `pending ${internBar}0page`, `settled ${editorBar}0page`]);
      await stop();
    });

    it("a user that is deferred is answered for where it has arrived, and nowhere before", async () => {
      const App = ({ commit }: { readonly commit: () => void }) => {
        const [user, setUser] = useState(intern);
        const deferred = useDeferredValue(user);
        useLayoutEffect(commit);
        return (
          <>
            <button type="button" name="become" onClick={() => setUser(editor)} />
            <GrantsProvider user={user}>
              <Button prefix="now " />
            </GrantsProvider>
            <GrantsProvider user={deferred}>
              <Button prefix=", later " />
            </GrantsProvider>
          </>
        );
      };
      const { click, seen, stop } = await start(App);
      await click("become");
      expect(seen).toEqual(["now Ask, later Ask", "now Post, later Ask", "now Post, later Post"]);
      await stop();
    });

    it("of two providers, one inside the other, each keeps its own user through a transition", async () => {
      const part = pendingPart();
      let become: (user: User<Engage>) => void = () => {};
      const Page = () => {
        if (useCan("publish.post-now", group)) part.read();
        return null;
      };
      const inner = (
        <GrantsProvider user={editor}>
          <Bar name="as editor" />
        </GrantsProvider>
      );
      const App = ({ commit }: { readonly commit: () => void }) => {
        const [user, setUser] = useState(intern);
        become = setUser;
        useLayoutEffect(commit);
        return (
          <GrantsProvider user={user}>
            <Bar name="bar" />
            {inner}
            <Suspense fallback="loading">
              <Page />
            </Suspense>
          </GrantsProvider>
        );
      };
      const { seen, stop } = await start(App);
      await act(async () => startTransition(() => become(editor)));
      await act(part.resolve);
      expect(seen).toEqual([`${internBar}0as editor true yes Post0`, `${editorBar}0as editor true yes Post0`]);
      await stop();
    });

    it("what mounts as its user arrives never sees the answer from before", async () => {
      const redirected = vi.fn();
      const Page = () => {
        const allowed = useCan("publish.edit", group);
        useEffect(() => {
          if (!allowed) redirected();
        }, [allowed]);
        return allowed ? "the editor" : "nothing";
      };
      const App = () => {
        const [user, setUser] = useState<Shown>();
        return (
          <GrantsProvider user={user}>
            {user ? <Page /> : "loading"}
            <button type="button" name="arrive" onClick={() => startTransition(() => setUser(intern))} />
          </GrantsProvider>
        );
      };
      const { container, click, stop } = await start(App);
      expect(container.textContent).toBe("loading");
      await click("arrive");
      expect(container.textContent).toBe("the editor");
      expect(redirected).not.toHaveBeenCalled();
      await stop();
    });

    describe("a part that is hydrated after the user has changed", () => {
      async function hydrate(before: Shown) {
        const part = pendingPart();
        const Late = () => {
          if (typeof window !== "undefined" && late.waits) part.read();
          const allowed = useCan("publish.post-now", group);
          return (
            <button type="button" disabled={!allowed}>
              Post
            </button>
          );
        };
        const late = { waits: false };
        const page = (
          <Suspense>
            <Late />
          </Suspense>
        );
        const app = (user: Shown) => within(<GrantsProvider user={user}>{page}</GrantsProvider>);
        const container = document.createElement("div");
        container.innerHTML = renderToString(app(before));
        late.waits = true;
        const recovered = vi.fn();
        const root = await act(async () => hydrateRoot(container, app(before), { onRecoverableError: recovered }));
        return {
          become: (user: Shown) => root.render(app(user)),
          shown: () => container.innerHTML.replace(/<!--.*?-->/g, ""),
          recovered,
          part,
          stop: () => act(async () => root.unmount()),
        };
      }
      const internButton = '<button type="button" disabled="">Post</button>';
      const editorButton = '<button type="button">Post</button>';

      it.each([
        ["more", intern, editor, internButton, editorButton],
        ["less", editor, intern, editorButton, internButton],
      ])("in a transition stays as the server rendered it until then, and the new user may do %s", async (_, ...is) => {
        const [before, after, served, mended] = is;
        const { become, shown, recovered, part, stop } = await hydrate(before);
        await act(async () => startTransition(() => become(after)));
        expect(shown()).toBe(served);
        await act(part.resolve);
        expect(shown()).toBe(mended);
        expect(recovered).not.toHaveBeenCalled();
        await stop();
      });

      it("at once is rendered in the browser, for the new user", async () => {
        const { become, shown, part, stop } = await hydrate(editor);
        await act(async () => become(intern));
        await act(part.resolve);
        expect(shown()).toBe(internButton);
        await stop();
      });
    });
  });
}
