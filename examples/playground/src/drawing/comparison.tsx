import { Alert, Badge, Group, List, NativeSelect, Paper, Stack, Text } from "@mantine/core";
import { buffer, engage, type Policy } from "channel-grants";
import { type ActionComparison, comparePolicies } from "channel-grants/analysis";
import { type ReactNode, useMemo, useState } from "react";
import { outcomeOf } from "../outcome.js";
import { grantInWords, listed, quoted, title } from "../wording.js";
import { WitnessView } from "./notes.js";

export interface ComparisonProps {
  readonly drawn: Policy;
  /** The policy that the other pages use. */
  readonly used: Policy;
}

/** What a drawing changes against another policy: who gains what, and who loses it. */
export function Comparison({ drawn, used }: ComparisonProps): ReactNode {
  const bases = [
    { value: "used", label: `The one in use: ${quoted(used.name)}`, policy: used },
    { value: "engage", label: "Engage, as it ships", policy: engage as Policy },
    { value: "buffer", label: "Buffer, as it ships", policy: buffer as Policy },
  ].filter(({ value, policy }) => value === "used" || policy !== used);
  const [chosen, setChosen] = useState("used");
  const base = bases.find(({ value }) => value === chosen)?.policy ?? used;
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Compare with"
        value={chosen}
        data={bases.map(({ value, label }) => ({ value, label }))}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <Changes base={base} drawn={drawn} />
    </Stack>
  );
}

function Changes({ base, drawn }: { readonly base: Policy; readonly drawn: Policy }): ReactNode {
  const compared = useMemo(() => outcomeOf(() => comparePolicies(base, drawn)), [base, drawn]);
  if (!compared.ok) return <Alert color="yellow">These could not be compared: {compared.message}</Alert>;
  const { verdict, actions, roles, states } = compared.value;
  const heading = {
    equal: "Nothing changes: both allow the same.",
    stricter: "The drawing is stricter: nobody gains, and somebody loses.",
    looser: "The drawing is looser: nobody loses, and somebody gains.",
    different: "Some gain, and some lose.",
  }[verdict];
  const changed = actions.filter((each) => each.verdict !== "equal");
  return (
    <Stack gap="sm" role="status">
      <Text fw={600}>{heading}</Text>
      {changed.map((each) => (
        <ActionChange key={each.action} base={base} drawn={drawn} change={each} />
      ))}
      {(roles.length > 0 || states.length > 0) && (
        <List size="sm" spacing={4} className="break">
          {roles.map(({ role, only, grants, account }) => (
            <List.Item key={`${role} ${grants} ${account}`}>
              {only === "first" ? "Before only: " : "Now only: "}
              {grants || account
                ? `${title(role)} takes grants ${account ? "in the account" : "on connections"}`
                : `the role ${title(role)}`}
            </List.Item>
          ))}
          {states.map(({ area, grant, only, allows }) => (
            <List.Item key={`${area} ${JSON.stringify(grant)} ${only}`}>
              {only === "first" ? "Before only: " : "Now only: "}
              {grantInWords(only === "first" ? base : drawn, grant)}
              {allows.length > 0 && `, which allows ${listed(allows)}`}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}

interface ActionChangeProps {
  readonly base: Policy;
  readonly drawn: Policy;
  readonly change: ActionComparison;
}

function ActionChange({ base, drawn, change }: ActionChangeProps): ReactNode {
  const { action, only, looser, stricter } = change;
  return (
    <Paper withBorder p="sm">
      <Stack gap="xs">
        <Text size="sm" fw={600} className="break">
          {action}
        </Text>
        {only && <Text size="sm">{only === "first" ? "It is gone: nobody can be asked about it." : "It is new."}</Text>}
        {!only && !looser && !stricter && <Text size="sm">It is asked about something else.</Text>}
        {looser && (
          <Group gap="xs">
            <Badge className="gain">Gains</Badge>
            <WitnessView definition={drawn} witness={looser} />
          </Group>
        )}
        {stricter && (
          <Group gap="xs">
            <Badge className="loss">Loses</Badge>
            <WitnessView definition={base} witness={stricter} />
          </Group>
        )}
      </Stack>
    </Paper>
  );
}
