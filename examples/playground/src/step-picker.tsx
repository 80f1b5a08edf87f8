import { Accordion, Button, Group, List, MultiSelect, NativeSelect, Stack } from "@mantine/core";
import { explain, formatDecision } from "channel-grants";
import { approversFor, type Submission } from "channel-grants/approval";
import type { ReactNode } from "react";
import { type Asked, passedSteps } from "./flow.js";
import { groupOf } from "./group.js";
import type { PageProps } from "./props.js";
import { listed, quoted } from "./wording.js";

export interface StepPickerProps extends Pick<PageProps, "it"> {
  readonly submission: Submission;
  /** The steps that are still to be passed. */
  readonly asked: readonly Asked[];
  readonly onChange: (asked: readonly Asked[]) => void;
}

/** The approver drop-down, for each step, and why nobody else is in it. */
export function StepPicker({ it, submission, asked, onChange }: StepPickerProps): ReactNode {
  const { policy, saved, standIns, now } = it;
  const { approval } = policy;
  if (approval === undefined) return null;
  const passed = passedSteps(it, submission).length;
  const offeredIn = (place: number) => approversFor(saved, submission, { step: passed + place, standIns, at: now });
  const label = (name: string, place: number) =>
    passed + asked.length === 1 ? name : `${name}, step ${passed + place + 1}`;
  return (
    <Stack gap="xs">
      {asked.map((step, place) => {
        const offered = offeredIn(place);
        const names = new Map(offered.map(({ user, standIns }) => [user, withStandIns(user, standIns)]));
        // Whoever is asked already stays, also where the right was taken away since.
        const choices = [...new Set([...names.keys(), ...step.of])];
        const change = (next: Partial<Asked>) => {
          const { of, needs } = { ...step, ...next };
          onChange(asked.with(place, { of, needs: Math.max(1, Math.min(needs, of.length)) }));
        };
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is told from another by its place alone
          <Group key={place} align="start" gap="xs">
            <MultiSelect
              flex="1 1 14rem"
              label={label("Approvers", place)}
              placeholder={step.of.length > 0 ? "" : choices.length > 0 ? "Choose" : "Nobody can approve this post"}
              data={choices.map((id) => ({ value: id, label: names.get(id) ?? quoted(id) }))}
              value={[...step.of]}
              onChange={(of) => change({ of })}
              comboboxProps={{ withinPortal: false }}
            />
            <NativeSelect
              flex="0 1 9rem"
              label={label("Needed", place)}
              value={String(step.needs)}
              data={needsOf(step)}
              onChange={(event) => change({ needs: Number(event.currentTarget.value) })}
            />
          </Group>
        );
      })}
      <Group gap="xs">
        {passed + asked.length < approval.steps && (
          <Button size="compact-sm" variant="default" onClick={() => onChange([...asked, { of: [], needs: 1 }])}>
            Add a step
          </Button>
        )}
        {asked.length > 1 && (
          <Button size="compact-sm" variant="default" onClick={() => onChange(asked.slice(0, -1))}>
            Remove the last step
          </Button>
        )}
      </Group>
      <Others it={it} submission={submission} offered={offeredIn(0).map(({ user }) => user)} step={passed} />
    </Stack>
  );
}

/** Offers each number of approvals that a step may need. */
function needsOf({ of }: Asked): readonly { readonly value: string; readonly label: string }[] {
  const most = Math.max(1, of.length);
  return Array.from({ length: most }, (_, index) => {
    const needs = index + 1;
    const label = needs === 1 ? "Any one" : needs === most ? `All ${most}` : `${needs} of ${most}`;
    return { value: String(needs), label };
  });
}

function withStandIns(user: string, standIns: readonly string[]): string {
  return standIns.length > 0 ? `${quoted(user)} (or ${listed(standIns.map(quoted), "or")})` : quoted(user);
}

interface OthersProps extends Pick<StepPickerProps, "it" | "submission"> {
  readonly offered: readonly string[];
  readonly step: number;
}

/** Says why everybody else is not offered. */
function Others({ it, submission, offered, step }: OthersProps): ReactNode {
  const { policy, saved } = it;
  const { author, connections } = submission;
  const others = saved.users().filter((id) => !offered.includes(id));
  if (policy.approval === undefined || others.length === 0) return null;
  const actions = [policy.approval.approve].flat();
  const action = (actions[step] ?? actions.at(-1)) as string;
  const why = (id: string) => {
    const decision = explain(saved.user(id), action, groupOf({ policy, post: { author, connections } }));
    if (!decision.allowed) return formatDecision(decision);
    return id === author ? `${quoted(id)} is the author.` : `${quoted(id)} edited the post.`;
  };
  return (
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
  );
}
