import { Accordion, Button, Group, List, MultiSelect, Stack } from "@mantine/core";
import { explain, formatDecision } from "channel-grants";
import type { Submission } from "channel-grants/approval";
import type { ReactNode } from "react";
import type { PageProps } from "./props.js";
import { quoted } from "./wording.js";

export interface StepPickerProps extends Pick<PageProps, "it"> {
  readonly submission: Submission;
  readonly steps: readonly (readonly string[])[];
  readonly onChange: (steps: readonly (readonly string[])[]) => void;
}

/** The approver drop-down, for each step, and why nobody else is in it. */
export function StepPicker({ it, submission, steps, onChange }: StepPickerProps): ReactNode {
  const { approval } = it.policy;
  if (approval === undefined) return null;
  const { author, connections, approvals } = submission;
  const action = [approval.approve].flat().at(-1) as string;
  const post = { connections, author };
  const offered = it.saved.usersFor(action, post).filter((id) => approval.authorMayApprove || id !== author);
  const others = it.saved.users().filter((id) => !offered.includes(id));
  const why = (id: string) => {
    const decision = explain(it.saved.user(id), action, post);
    return decision.allowed ? `${quoted(id)} is the author.` : formatDecision(decision);
  };
  return (
    <Stack gap="xs">
      {steps.map((step, place) => (
        <MultiSelect
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is told from another by its place alone
          key={place}
          label={steps.length === 1 ? "Approver" : `Approver, step ${place + 1}`}
          description={offered.length > 1 ? "Any one of them may approve" : undefined}
          placeholder={step.length > 0 ? "" : offered.length > 0 ? "Choose" : "Nobody can approve this post"}
          data={offered.map((id) => ({ value: id, label: quoted(id) }))}
          value={step.filter((id) => offered.includes(id))}
          onChange={(chosen) => onChange(steps.with(place, chosen))}
          comboboxProps={{ withinPortal: false }}
        />
      ))}
      <Group gap="xs">
        {approvals.length + steps.length < approval.steps && (
          <Button size="compact-sm" variant="default" onClick={() => onChange([...steps, []])}>
            Add a step
          </Button>
        )}
        {steps.length > 1 && (
          <Button size="compact-sm" variant="default" onClick={() => onChange(steps.slice(0, -1))}>
            Remove the last step
          </Button>
        )}
      </Group>
      {others.length > 0 && (
        <Accordion variant="contained" order={4}>
          <Accordion.Item value="others">
            <Accordion.Control>Why the others are not offered ({others.length})</Accordion.Control>
            <Accordion.Panel>
              <List size="sm" spacing={4} className="break">
                {others.map((id) => (
                  <List.Item key={id}>{why(id)}</List.Item>
                ))}
              </List>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
      )}
    </Stack>
  );
}
