import { Alert, Grid, Group, Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { FlowTimeline } from "./flow-timeline.js";
import { FlowEvents, FlowView } from "./flow-view.js";
import { GatedButton } from "./gated-button.js";
import { PageTitle } from "./page-title.js";
import type { PageProps } from "./props.js";
import { StandInList } from "./stand-in-list.js";
import { listed, quoted } from "./wording.js";

export function ApprovePage({ it, dispatch }: PageProps): ReactNode {
  const { policy, post, submission } = it;
  if (policy.approval === undefined) {
    return <Alert color="yellow">This policy has no approval section, so its posts have no approval flow.</Alert>;
  }
  return (
    <Stack gap="md">
      <PageTitle title="Approve" says="Take the post from draft to release, acting as any user." />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="md">
            <Paper withBorder p="md">
              <Group justify="space-between">
                <Text size="sm" className="break">
                  Under Compose is a post by {quoted(post.author)} to{" "}
                  {listed(post.connections.map(quoted)) || "no connection yet"}.
                </Text>
                <GatedButton
                  variant={submission ? "default" : "filled"}
                  reason={post.connections.length === 0 ? "Choose its connections under Compose first." : undefined}
                  onPress={() => dispatch({ type: "draft" })}
                >
                  Start a draft
                </GatedButton>
              </Group>
            </Paper>
            {submission ? (
              <>
                <FlowView it={it} submission={submission} dispatch={dispatch} />
                <FlowEvents it={it} submission={submission} dispatch={dispatch} />
              </>
            ) : (
              <Text size="sm">
                No post is on its way yet. Start a draft, submit it, and approve it as somebody else.
              </Text>
            )}
            {policy.approval.approvers === "named" && <StandInList it={it} dispatch={dispatch} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <FlowTimeline log={it.log} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
