import { Alert, Grid, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import { checkPolicy, formatReport } from "channel-grants/analysis";
import stringify from "json-stringify-pretty-compact";
import { type ReactNode, useDeferredValue, useMemo, useState } from "react";
import { FaultList } from "./faults.js";
import { GatedButton } from "./gated-button.js";
import { JsonArea } from "./json-area.js";
import { outcomeOf } from "./outcome.js";
import { PageTitle } from "./page-title.js";
import type { PageProps } from "./props.js";
import { readPolicy } from "./reading.js";

export function PolicyPage({ it, choice, dispatch }: PageProps): ReactNode {
  const [text, setText] = useState(() => stringify(it.policy, { maxLength: 100 }));
  const late = useDeferredValue(text);
  const read = useMemo(() => readPolicy(late), [late]);
  return (
    <Stack gap="md">
      <PageTitle
        title="Policy"
        says={
          choice === "own"
            ? "Paste a definition as JSON, and use it on every page."
            : "Change the definition or paste another one, and use it as your own."
        }
      />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="sm">
            <JsonArea label="Definition as JSON" value={text} maxRows={28} invalid={!read.ok} onChange={setText} />
            <Group gap="xs">
              <GatedButton
                reason={read.ok ? undefined : "The text is no policy."}
                onPress={() => read.ok && dispatch({ type: "define", policy: read.value })}
              >
                Use this policy
              </GatedButton>
            </Group>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          {read.ok ? (
            <Checks policy={read.value} />
          ) : (
            <Alert color="red" title="This is no policy">
              <FaultList faults={read.faults} />
            </Alert>
          )}
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

/** Shows what is checked of a policy: each check, and below it what was found. */
function Checks({ policy }: Pick<PageProps["it"], "policy">): ReactNode {
  const report = useMemo(() => outcomeOf(() => formatReport(checkPolicy(policy))), [policy]);
  if (!report.ok) return <Alert color="yellow">This policy could not be checked: {report.message}</Alert>;
  const [heading = "", ...lines] = report.value.trimEnd().split("\n");
  return (
    <Paper withBorder p="md">
      <Stack gap="sm" className="break">
        <Title order={3} size="h5">
          {heading}
        </Title>
        <List size="sm" spacing={6} listStyleType="none">
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a text
            <List.Item key={index} ml={line.startsWith("    ") ? "lg" : 0}>
              <Text span inherit {...(line.startsWith("    ") && { c: "dimmed" })}>
                {line.trim()}
              </Text>
            </List.Item>
          ))}
        </List>
      </Stack>
    </Paper>
  );
}
