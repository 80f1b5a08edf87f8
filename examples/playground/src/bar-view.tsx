import { Button, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { type Denied, formatDecision } from "channel-grants";
import { type ReactNode, useRef } from "react";
import type { DecidedButton } from "./bar.js";
import { GatedButton } from "./gated-button.js";
import type { PageProps } from "./props.js";
import type { Change } from "./state.js";
import { quoted, repairInWords, title } from "./wording.js";

export interface BarProps extends Pick<PageProps, "it" | "dispatch"> {
  readonly buttons: readonly DecidedButton[];
}

/** Shows the bar as the user would see it, and below it what is refused, why, and what would repair it. */
export function Bar({ it, buttons, dispatch }: BarProps): ReactNode {
  const { policy, viewer } = it;
  const heading = useRef<HTMLHeadingElement>(null);
  const refused = buttons.flatMap((button) =>
    button.decision.allowed ? [] : [{ ...button, decision: button.decision }],
  );
  const shown = buttons.filter(({ decision, refused: how }) => decision.allowed || how === "disabled");
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <Title order={3} size="h5" ref={heading} tabIndex={-1}>
          What {quoted(viewer)} sees
        </Title>
        {shown.length === 0 ? (
          <Text size="sm">No button at all.</Text>
        ) : (
          <Group gap="xs" role="toolbar" aria-label={`Actions of ${quoted(viewer)} on the post`}>
            {shown.map(({ action, label, decision }) => (
              <GatedButton
                key={action}
                size="sm"
                variant="light"
                reason={decision.allowed ? undefined : reasonOf(it, decision)}
                onPress={() =>
                  action === policy.approval?.submit
                    ? dispatch({ type: "show", tab: "approve" })
                    : dispatch({ type: "tell", text: formatDecision(decision) })
                }
              >
                {label}
              </GatedButton>
            ))}
          </Group>
        )}
        {refused.length > 0 && (
          <Table className="stacked break" verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Refused</Table.Th>
                <Table.Th scope="col" style={{ whiteSpace: "nowrap" }}>
                  In the bar
                </Table.Th>
                <Table.Th scope="col">Why</Table.Th>
                <Table.Th scope="col">Repair</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {refused.map(({ action, label, refused: how, decision }) => (
                <Table.Tr key={action}>
                  <Table.Th scope="row" data-column="Refused">
                    {label}
                  </Table.Th>
                  <Table.Td data-column="In the bar">{title(how)}</Table.Td>
                  <Table.Td data-column="Why">{formatDecision(decision)}</Table.Td>
                  <Table.Td data-column="Repair">
                    <Repair
                      it={it}
                      decision={decision}
                      label={label}
                      dispatch={dispatch}
                      // The row goes, and the focus with it.
                      onRepair={() => heading.current?.focus()}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Paper>
  );
}

interface RepairProps extends Pick<PageProps, "it" | "dispatch"> {
  readonly decision: Denied;
  readonly label: string;
  readonly onRepair: () => void;
}

function Repair({ it, decision, label, dispatch, onRepair }: RepairProps): ReactNode {
  const words = repairInWords(it.policy, decision);
  if (words === undefined) return <Text size="sm">No grant would help.</Text>;
  return (
    <Stack gap={6} align="start">
      <Text size="sm">{words}</Text>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Apply the repair for ${label}`}
        onClick={() => {
          dispatch({ type: "repair", changes: changesOf(decision) });
          onRepair();
        }}
      >
        Apply the repair
      </Button>
    </Stack>
  );
}

/** Gives what every connection in the way needs or, where one is enough, what the first needs. */
function changesOf({ user, blockers, unblock }: Denied): readonly Change[] {
  const given = unblock === "any" ? blockers.slice(0, 1) : blockers;
  return given.map(({ connection, needs }) => ({ user, connection, grant: needs }));
}

function reasonOf({ policy }: BarProps["it"], decision: Denied): string {
  const words = repairInWords(policy, decision);
  return `${formatDecision(decision)}${words === undefined ? "" : ` It would take ${words}.`}`;
}
