import { Badge, Button, Group, List, Paper, Stack, Text, Title, Tooltip } from "@mantine/core";
import type { Policy } from "channel-grants";
import {
  type ApprovalEvent,
  type EventType,
  type Submission,
  type TimelineStep,
  timeline,
  transition,
} from "channel-grants/approval";
import { type ReactNode, useState } from "react";
import { Choose } from "./choose.js";
import { eventOf, eventTypes } from "./flow.js";
import type { PageProps } from "./props.js";
import { StepPicker } from "./step-picker.js";
import { approvalInWords, eventTitles, listed, quoted, refusalInWords, stepInWords, title } from "./wording.js";

export interface FlowViewProps extends Pick<PageProps, "it" | "dispatch"> {
  readonly submission: Submission;
}

/** Shows the status of a post, and lets any user try any event. */
export function FlowView({ it, submission, dispatch }: FlowViewProps): ReactNode {
  const { policy, saved, viewer } = it;
  const { status, approvals, revision } = submission;
  const [steps, setSteps] = useState<readonly (readonly string[])[]>([[]]);
  const isNamed = policy.approval?.approvers === "named";
  const chosen = isNamed ? steps.filter((step) => step.length > 0) : [];
  const asked = (type: EventType) =>
    type === "reassign" ? [...submission.steps.slice(0, approvals.length), ...chosen] : chosen;
  const attempt = (label: string, event: ApprovalEvent) => (
    <Attempt key={label} label={label} it={it} submission={submission} event={event} dispatch={dispatch} />
  );
  return (
    <>
      <Paper withBorder p="md">
        <Stack gap="xs" className="break">
          <Group gap="sm">
            <Title order={3} size="h5">
              The post
            </Title>
            <Badge variant="default" size="lg" radius="sm" tt="none" fw={500}>
              {title(status)}
            </Badge>
          </Group>
          <Text size="sm">
            By {quoted(submission.author)} to {listed(submission.connections.map(quoted))}. Revision {revision}.
          </Text>
          <StepList submission={submission} policy={policy} />
        </Stack>
      </Paper>
      <Paper withBorder p="md">
        <Stack gap="md">
          <Choose
            label="Acting as"
            value={viewer}
            ids={saved.users()}
            onChoose={(id) => dispatch({ type: "look", at: { viewer: id } })}
          />
          {isNamed && (status === "draft" || status === "pending") && (
            <StepPicker it={it} submission={submission} steps={steps} onChange={setSteps} />
          )}
          <Text size="sm" c="dimmed">
            Try any button. A filled button would be accepted. The others say why not.
          </Text>
          <Group gap="xs" role="toolbar" aria-label={`What ${quoted(viewer)} could try`}>
            {eventTypes.map((type) => attempt(eventTitles[type], eventOf(type, viewer, revision, asked(type))))}
          </Group>
        </Stack>
      </Paper>
    </>
  );
}

/** Shows who is asked in each step, who approved, and who is still awaited. */
function StepList({ submission, policy }: { readonly submission: Submission; readonly policy: Policy }): ReactNode {
  const { status, steps } = timeline(submission, policy);
  if (status === "draft") return <Text size="sm">Nobody is asked yet. Submit it, and the approvers are awaited.</Text>;
  const outcome = ({ approvals, awaited, anyone, state }: TimelineStep) => [
    ...(approvals.length > 0 ? [`approved by ${listed(approvals.map(approvalInWords))}`] : []),
    ...(state === "current" ? [`awaits ${anyone ? "anyone who may approve" : listed(awaited.map(quoted), "or")}`] : []),
    ...(state === "later" ? ["asked later"] : []),
  ];
  return (
    <List size="sm" type="ordered">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps may name the same people
        <List.Item key={index}>
          {step.anyone ? "Anyone who may approve" : stepInWords({ of: step.asked, needs: step.needs })}:{" "}
          {outcome(step).join(", ")}
        </List.Item>
      ))}
    </List>
  );
}

interface AttemptProps extends FlowViewProps {
  readonly label: string;
  readonly event: ApprovalEvent;
}

/** A button that can be pressed even if the event would be refused: a refusal is worth seeing. */
function Attempt({ label, it, submission, event, dispatch }: AttemptProps): ReactNode {
  const result = transition(it.saved, submission, event);
  return (
    <Tooltip label={result.ok ? "" : `Would be refused: ${refusalInWords(result)}`} disabled={result.ok}>
      <Button size="sm" variant={result.ok ? "filled" : "default"} onClick={() => dispatch({ type: "event", event })}>
        {label}
      </Button>
    </Tooltip>
  );
}
