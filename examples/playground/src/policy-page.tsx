import { Alert, Button, Grid, Group, List, Menu, Paper, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue, useHotkeys, useMediaQuery } from "@mantine/hooks";
import { buffer, engage, type Policy } from "channel-grants";
import { checkPolicy, formatReport } from "channel-grants/analysis";
import { type ReactNode, useDeferredValue, useMemo, useState } from "react";
import { Comparison } from "./drawing/comparison.js";
import { type Definition, readDefinition } from "./drawing/definition.js";
import { Drawing } from "./drawing/drawing.js";
import { typescriptOf } from "./drawing/export.js";
import { findingsOf, nothingFound, refusedOf, verdictOf } from "./drawing/findings.js";
import { JsonEditor } from "./drawing/json-editor.js";
import { smallPolicy } from "./drawing/small-policy.js";
import { write } from "./drawing/text.js";
import { FaultList } from "./faults.js";
import { GatedButton } from "./gated-button.js";
import { outcomeOf } from "./outcome.js";
import { PageTitle } from "./page-title.js";
import type { PageProps } from "./props.js";
import { readPolicy } from "./reading.js";

type Side = "drawing" | "json" | "compare";

export function PolicyPage({ it, choice, sketch, dispatch }: PageProps): ReactNode {
  const { text, drawn, past, future } = sketch;
  const late = useDeferredValue(text);
  const read = useMemo(() => readPolicy(late), [late]);
  const isDrawable = useMemo(() => readDefinition(text).ok, [text]);
  // What breaks while it is typed is whole again in a moment.
  const [isHeld] = useDebouncedValue(!isDrawable, isDrawable ? 0 : 600);
  const isWide = useMediaQuery("(min-width: 75em)", true, { getInitialValueInEffect: false });
  const [side, setSide] = useState<Side>("drawing");
  const shown = isWide && side === "drawing" ? "json" : side;
  const lateDrawn = useDeferredValue(drawn);
  const verdict = useMemo(() => verdictOf(lateDrawn), [lateDrawn]);
  const lateRefused = useMemo(() => refusedOf(late), [late]);
  const found = useMemo(() => (verdict.ok ? findingsOf(verdict.policy) : nothingFound), [verdict]);
  const undo = () => dispatch({ type: "undo" });
  const redo = () => dispatch({ type: "redo" });
  useHotkeys([
    ["mod+Z", undo],
    ["mod+shift+Z", redo],
    ["mod+Y", redo],
  ]);
  const sides: readonly { readonly value: Side; readonly label: string }[] = [
    ...(isWide ? [] : [{ value: "drawing" as const, label: "Drawing" }]),
    { value: "json", label: "JSON" },
    { value: "compare", label: "Compare" },
  ];
  const drawing = (
    <Drawing
      definition={drawn}
      refused={verdict.refused}
      found={found}
      isHeld={isHeld}
      onEdit={(edit) => dispatch({ type: "draw", edit })}
    />
  );
  return (
    <Stack gap="md">
      <Group justify="space-between" align="end" gap="sm">
        <PageTitle
          title="Policy"
          says={
            choice === "own"
              ? "Draw it or type it: one drives the other. Use it on every page."
              : "Draw or type a change, see what it does, and use it as your own."
          }
        />
        <Group gap="xs">
          <GatedButton variant="default" reason={past.length > 0 ? undefined : "Nothing was changed."} onPress={undo}>
            Undo
          </GatedButton>
          <GatedButton variant="default" reason={future.length > 0 ? undefined : "Nothing was undone."} onPress={redo}>
            Redo
          </GatedButton>
          <Beginnings used={it.policy} onBegin={(text) => dispatch({ type: "replace", text })} />
          <Exports text={text} definition={read.ok && isDrawable ? drawn : undefined} />
          <GatedButton
            reason={read.ok ? undefined : "The text is no policy."}
            onPress={() => {
              // What is shown may lag behind what was typed.
              const now = readPolicy(text);
              if (now.ok) dispatch({ type: "define", policy: now.value });
            }}
          >
            Use this policy
          </GatedButton>
        </Group>
      </Group>
      <Grid gap="lg" columns={24}>
        {isWide && <Grid.Col span={15}>{drawing}</Grid.Col>}
        <Grid.Col span={isWide ? 9 : 24}>
          <Stack gap="sm" className="beside">
            <SegmentedControl
              aria-label="Beside the drawing"
              fullWidth
              value={shown}
              data={[...sides]}
              onChange={(value) => setSide(value as Side)}
            />
            {shown === "drawing" && drawing}
            {shown === "json" && (
              <JsonEditor
                label="Definition as JSON"
                text={text}
                refused={lateRefused}
                onChange={(typed) => dispatch({ type: "type", text: typed, at: Date.now() })}
                onUndo={undo}
                onRedo={redo}
              />
            )}
            {shown === "compare" &&
              (verdict.ok ? (
                <Comparison drawn={verdict.policy} used={it.policy} />
              ) : (
                <Text size="sm">What is no policy yet cannot be compared.</Text>
              ))}
            {read.ok ? (
              <Checks policy={read.value} />
            ) : (
              <Alert color="red" title="This is no policy">
                <FaultList faults={read.faults} />
              </Alert>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

/** Other policies to start a drawing from; the one before can be had back with undo. */
function Beginnings({ used, onBegin }: { readonly used: Policy; readonly onBegin: (text: string) => void }): ReactNode {
  const items: readonly (readonly [string, object])[] = [
    ["The one in use", used],
    ["A small one", smallPolicy],
    ["Engage", engage],
    ["Buffer", buffer],
  ];
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <Button variant="default">Start from</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(([label, policy]) => (
          <Menu.Item key={label} onClick={() => onBegin(write(policy))}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Exports({
  text,
  definition,
}: {
  readonly text: string;
  readonly definition: Definition | undefined;
}): ReactNode {
  const name = definition?.name ?? "";
  const files = definition
    ? [
        { label: "As JSON", file: `${name}.policy.json`, type: "application/json", content: text },
        {
          label: "As TypeScript",
          file: `${name}.ts`,
          type: "text/typescript",
          content: typescriptOf(definition),
        },
      ]
    : [];
  if (files.length === 0) {
    return (
      <GatedButton variant="default" reason="The text is no policy." onPress={() => {}}>
        Export
      </GatedButton>
    );
  }
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <Button variant="default">Export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map(({ label, file, type, content }) => (
          <Menu.Item
            key={label}
            component="a"
            download={file}
            href={`data:${type};charset=utf-8,${encodeURIComponent(content)}`}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
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
