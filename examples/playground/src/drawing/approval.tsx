import { Button, Group, MultiSelect, NativeSelect, NumberInput, Stack, Switch, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { title } from "../wording.js";
import { listOf, oneOrMore } from "./definition.js";
import { actionsFor, firstApproval, putApproval } from "./edits.js";
import { refusedAt } from "./findings.js";
import { askedFor } from "./mentions.js";
import { Refusals } from "./notes.js";
import type { DrawingProps } from "./props.js";

/** How posts are approved: which action each step of the flow asks for. */
export function ApprovalSection({ definition, refused, onEdit }: DrawingProps): ReactNode {
  const { approval } = definition;
  const first = firstApproval(definition);
  if (approval === undefined) {
    return (
      <Stack gap="sm" align="start">
        <Text size="sm" c="dimmed">
          Posts need no approval.
        </Text>
        {first && (
          <Button variant="default" size="xs" onClick={() => onEdit(putApproval(first))}>
            Let posts be approved
          </Button>
        )}
      </Stack>
    );
  }
  const put = (key: string, value: unknown) => onEdit(putApproval({ ...approval, [key]: value }));
  const faultOf = (key: string) => refusedAt(refused, "approval", key)[0]?.message;
  const placed = [...askedFor, "approvers", "steps"];
  return (
    <Stack gap="sm" align="start">
      <Group gap="sm" align="start">
        {askedFor.map((key) => {
          const held = listOf<string>(approval[key] as string);
          const names = [...new Set([...actionsFor(definition, key), ...held])];
          const data = names.map((value) => ({ value, label: value }));
          const label = `${title(key)} asks for`;
          return key === "approve" ? (
            <MultiSelect
              key={key}
              size="xs"
              searchable
              miw={220}
              label={label}
              description="Of several, one for each step"
              value={[...held]}
              data={data}
              error={faultOf(key)}
              onChange={(value) => value.length > 0 && put(key, oneOrMore(value))}
            />
          ) : (
            <NativeSelect
              key={key}
              size="xs"
              label={label}
              value={held[0] ?? ""}
              data={data}
              error={faultOf(key)}
              onChange={(event) => put(key, event.currentTarget.value)}
            />
          );
        })}
        <NativeSelect
          size="xs"
          label="Who approves"
          value={String(approval.approvers)}
          data={[
            { value: "named", label: "those named" },
            { value: "anyone", label: "anybody who may" },
          ]}
          error={faultOf("approvers")}
          onChange={(event) => put("approvers", event.currentTarget.value)}
        />
        <NumberInput
          size="xs"
          w={120}
          label="Steps at most"
          min={1}
          max={30}
          allowDecimal={false}
          value={Number(approval.steps)}
          error={faultOf("steps")}
          onChange={(value) => typeof value === "number" && put("steps", value)}
        />
      </Group>
      <Switch
        size="sm"
        label="Authors may approve their own posts"
        checked={approval.authorMayApprove === true}
        onChange={(event) => put("authorMayApprove", event.currentTarget.checked)}
      />
      <Switch
        size="sm"
        label="Editors may approve what they edited"
        checked={approval.editorMayApprove !== false}
        onChange={(event) => put("editorMayApprove", event.currentTarget.checked)}
      />
      <Switch
        size="sm"
        label="A user passes one step at most"
        checked={approval.distinctApprovers === true}
        onChange={(event) => put("distinctApprovers", event.currentTarget.checked)}
      />
      <Refusals refused={refusedAt(refused, "approval").filter(({ path }) => !placed.includes(String(path[1])))} />
      <Button variant="default" size="xs" onClick={() => onEdit(putApproval(undefined))}>
        Remove the approval section
      </Button>
    </Stack>
  );
}
