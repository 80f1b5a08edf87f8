import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { type Denied, formatDecision } from "channel-grants";
import { type ReactNode, useRef } from "react";
import { type BarButton, barOf, targetOf } from "./bar.js";
import type { Case } from "./case.js";
import { GatedButton } from "./gated-button.js";
import { grantsOf } from "./grants.js";
import type { PageProps } from "./props.js";
import { Refusals } from "./refusals.js";
import { quoted, repairInWords } from "./wording.js";

type BarProps = Pick<PageProps, "it" | "dispatch">;

/** Shows the bar as the viewer would see it, and below it what is refused. */
export function Bar({ it, dispatch }: BarProps): ReactNode {
  const { policy, viewer } = it;
  const { GrantsProvider } = grantsOf(policy);
  const heading = useRef<HTMLHeadingElement>(null);
  const buttons = barOf(it);
  return (
    <GrantsProvider user={it.saved.user(viewer)}>
      <Paper withBorder p="md">
        <Stack gap="md">
          <Title order={3} size="h5" ref={heading} tabIndex={-1}>
            What {quoted(viewer)} sees
          </Title>
          {buttons.length === 0 && <Text size="sm">No action of this policy is about a post.</Text>}
          <Group gap="xs" role="toolbar" aria-label={`Actions of ${quoted(viewer)} on the post`}>
            {buttons.map((button) => (
              <ActionButton key={button.action} button={button} it={it} dispatch={dispatch} />
            ))}
          </Group>
          <Refusals
            it={it}
            buttons={buttons}
            dispatch={dispatch}
            // The repaired row goes, and the focus with it.
            onRepair={() => heading.current?.focus()}
          />
        </Stack>
      </Paper>
    </GrantsProvider>
  );
}

function ActionButton({ button, it, dispatch }: BarProps & { readonly button: BarButton }): ReactNode {
  const { action, label, refused } = button;
  const decision = grantsOf(it.policy).useDecision(action, ...targetOf(it, action));
  if (!decision.allowed && (refused === "hidden" || decision.reason === "not-loaded")) return null;
  const press = () =>
    action === it.policy.approval?.submit
      ? dispatch({ type: "show", tab: "approve" })
      : dispatch({ type: "tell", text: formatDecision(decision) });
  return (
    <GatedButton
      size="sm"
      variant="light"
      reason={decision.allowed ? undefined : reasonOf(it, decision)}
      onPress={press}
    >
      {label}
    </GatedButton>
  );
}

function reasonOf({ policy }: Case, decision: Denied): string {
  const words = repairInWords(policy, decision);
  return `${formatDecision(decision)}${words === undefined ? "" : ` Needed: ${words}.`}`;
}
