// @vitest-environment jsdom
import { act, StrictMode, version } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createUser, type Engage, engage, type User } from "../../src/index.js";
import { createGrantsReact } from "../../src/react/index.js";
import { itAnswersForItsOwnRender } from "./concurrent.js";
import { itSpeaksAndOffers } from "./words.js";

// React 18 is installed in a folder of its own, and here takes the place of the newest.

vi.mock("react", () => vi.importActual("../react-18/node_modules/react/index.js"));
vi.mock("react/jsx-runtime", () => vi.importActual("../react-18/node_modules/react/jsx-runtime.js"));
vi.mock("react/jsx-dev-runtime", () => vi.importActual("../react-18/node_modules/react/jsx-dev-runtime.js"));
const { createRoot, hydrateRoot } = await vi.importActual<typeof import("react-dom/client")>(
  "../react-18/node_modules/react-dom/client.js",
);

const { renderToString } = await vi.importActual<typeof import("react-dom/server")>(
  "../react-18/node_modules/react-dom/server.js",
);

let complaints: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  complaints = vi.spyOn(console, "error");
});
afterEach(() => {
  expect(complaints).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const { Can, GrantsProvider, useAllowedActions, useDecision } = createGrantsReact(engage);
const viewer = (publish: "needs-approval" | "full-access") =>
  createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish } } });

const rendered = vi.fn();
function Page() {
  rendered();
  const decision = useDecision("publish.post-now", { connections: ["fb"] });
  return (
    <p title={decision.allowed ? "yes" : decision.reason}>
      {useAllowedActions("fb").length}
      <Can do="publish.post-now" on={{ connections: ["fb"] }} fallback={<i>no</i>}>
        <b>Post</b>
      </Can>
    </p>
  );
}
const page = <Page />;
const app = (user: User<Engage> | undefined) => (
  <StrictMode>
    <GrantsProvider user={user}>{page}</GrantsProvider>
  </StrictMode>
);

it("the tests run with React 18", () => {
  expect(version).toMatch(/^18\./);
});

it("with React 18, answers follow the user, and one whose row says the same renders nothing anew", async () => {
  const container = document.createElement("div");
  const root = createRoot(container);
  const markup = async (user: User<Engage> | undefined) => {
    await act(async () => root.render(app(user)));
    return container.innerHTML;
  };
  expect(await markup(undefined)).toBe('<p title="not-loaded">0<i>no</i></p>');
  expect(await markup(viewer("needs-approval"))).toBe('<p title="level-too-low">2<i>no</i></p>');
  rendered.mockClear();
  expect(await markup(viewer("needs-approval"))).toBe('<p title="level-too-low">2<i>no</i></p>');
  expect(rendered).not.toHaveBeenCalled();
  expect(await markup(viewer("full-access"))).toBe('<p title="yes">2<b>Post</b></p>');
  expect(rendered).toHaveBeenCalled();
  await act(async () => root.unmount());
});

it("with React 18, what a server rendered is hydrated as it is", async () => {
  const container = document.createElement("div");
  container.innerHTML = '<p title="level-too-low">2<i>no</i></p>';
  const part = container.querySelector("i");
  const recovered = vi.fn();
  const root = await act(async () =>
    hydrateRoot(container, app(viewer("needs-approval")), { onRecoverableError: recovered }),
  );
  expect(container.querySelector("i")).toBe(part);
  expect(recovered).not.toHaveBeenCalled();
  await act(async () => root.unmount());
});

describe("with React 18", () => itAnswersForItsOwnRender({ createRoot, hydrateRoot, renderToString }));

describe("with React 18, words, users and pickers", () => itSpeaksAndOffers({ createRoot, renderToString }));
