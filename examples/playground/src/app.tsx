import { Alert, Container, Stack, Tabs } from "@mantine/core";
import { type ReactNode, useEffect, useReducer } from "react";
import { writeAddress } from "./address.js";
import { ApprovePage } from "./approve-page.js";
import { AssignPage } from "./assign-page.js";
import { type Tab, tabs } from "./case.js";
import { ComposePage } from "./compose-page.js";
import { DataPage } from "./data-page.js";
import { Header } from "./header.js";
import { Notices } from "./notices.js";
import { OverviewPage } from "./overview-page.js";
import { PolicyPage } from "./policy-page.js";
import type { PageProps } from "./props.js";
import { begin, reduce, viewOf } from "./state.js";
import { tabTitles } from "./wording.js";

const pages: Readonly<Record<Tab, (props: PageProps) => ReactNode>> = {
  overview: OverviewPage,
  assign: AssignPage,
  compose: ComposePage,
  approve: ApprovePage,
  policy: PolicyPage,
  data: DataPage,
};

export function App(): ReactNode {
  const [state, dispatch] = useReducer(reduce, window.location.hash, begin);
  const { tab, choice, cases, sketches, notice, followed } = state;
  const it = cases[choice];

  const hash = writeAddress(viewOf(state));

  // After every step: a link that could not be read has left the address at odds with the page.
  useEffect(() => {
    window.history.replaceState(null, "", hash ?? window.location.pathname + window.location.search);
  });

  useEffect(() => {
    const follow = () => dispatch({ type: "open", hash: window.location.hash });
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);

  const Page = pages[tab];
  const isEmpty = it.saved.users().length === 0 || it.saved.connections().length === 0;
  return (
    <>
      <Header choice={choice} isShared={hash !== undefined} dispatch={dispatch} />
      <Container component="main" size="xl" py="md">
        <Notices notice={notice} onClose={() => dispatch({ type: "dismiss" })} />
        <Tabs value={tab} onChange={(next) => next && dispatch({ type: "show", tab: next as Tab })} keepMounted={false}>
          <Tabs.List>
            {tabs.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {tabTitles[each]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={tab} pt="md">
            <Stack gap="md">
              {isEmpty && tab !== "policy" && tab !== "data" ? (
                <Alert color="yellow">
                  This account has no users or no connections. Import another one under Data.
                </Alert>
              ) : (
                // What is typed and not applied belongs to one policy.
                <Page
                  key={`${choice} ${followed}`}
                  it={it}
                  choice={choice}
                  sketch={sketches[choice]}
                  dispatch={dispatch}
                />
              )}
            </Stack>
          </Tabs.Panel>
        </Tabs>
      </Container>
    </>
  );
}
