import { Button, Stack, Table, Text } from "@mantine/core";
import { type Denied, formatDecision } from "channel-grants";
import type { ReactNode } from "react";
import { type BarButton, targetOf } from "./bar.js";
import { grantsOf } from "./grants.js";
import { groupOf } from "./group.js";
import type { PageProps } from "./props.js";
import type { Change } from "./state.js";
import { repairInWords, title } from "./wording.js";

export interface RefusalsProps extends Pick<PageProps, "it" | "dispatch"> {
  readonly buttons: readonly BarButton[];
  readonly onRepair: () => void;
}

/** Lists what is refused, why, and what would repair it. */
export function Refusals({ buttons, ...rest }: RefusalsProps): ReactNode {
  const { policy, post } = rest.it;
  const { useAllowedActions } = grantsOf(policy);
  const [connection = ""] = post.connections;
  const ofAccount: readonly string[] = useAllowedActions();
  const ofConnection: readonly string[] = useAllowedActions(connection);
  const ofPost: readonly string[] = useAllowedActions(groupOf(rest.it));
  const allowed = [...ofAccount, ...ofConnection, ...ofPost];
  const refused = buttons.filter(({ action }) => !allowed.includes(action));
  if (refused.length === 0) return null;
  return (
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
        {refused.map((button) => (
          <RefusalRow key={button.action} button={button} {...rest} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface RefusalRowProps extends Omit<RefusalsProps, "buttons"> {
  readonly button: BarButton;
}

function RefusalRow({ button, it, dispatch, onRepair }: RefusalRowProps): ReactNode {
  const { action, label, refused } = button;
  const decision = grantsOf(it.policy).useDecision(action, ...targetOf(it, action));
  if (decision.allowed || decision.reason === "not-loaded") return null;
  const words = repairInWords(it.policy, decision);
  const repair = () => {
    dispatch({ type: "repair", changes: changesOf(decision) });
    onRepair();
  };
  return (
    <Table.Tr>
      <Table.Th scope="row" data-column="Refused" miw="6rem">
        {label}
      </Table.Th>
      <Table.Td data-column="In the bar">{title(refused)}</Table.Td>
      <Table.Td data-column="Why">{formatDecision(decision)}</Table.Td>
      <Table.Td data-column="Repair">
        {words === undefined ? (
          <Text size="sm">No grant would help.</Text>
        ) : (
          <Stack gap={6} align="start">
            <Text size="sm">{words}</Text>
            <Button size="compact-sm" variant="default" aria-label={`Apply the repair for ${label}`} onClick={repair}>
              Apply the repair
            </Button>
          </Stack>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Gives what is needed in the account, and what each blocker needs or, if one is enough, what the first one needs. */
function changesOf({ user, account, blockers, unblock }: Denied): readonly Change[] {
  const given = unblock === "any" ? blockers.slice(0, 1) : blockers;
  return [
    ...(account ? [{ user, grant: account.needs }] : []),
    ...given.map(({ connection, needs }) => ({ user, connection, grant: needs })),
  ];
}
