import { Badge, Button, Group, List, Paper, Stack, Text, Title, Tooltip } from "@mantine/core";
import type { Policy } from "channel-grants";
import {
  type ApprovalEvent,
  type EventType,
  type Submission,
  type TimelineStep,
  timeline,
} from "channel-grants/approval";
import { type ReactNode, useState } from "react";
import { Choose } from "./choose.js";
import { awaitedOf, eventOf, eventTypes, openSteps, outcomeOf, passedSteps, stepOf } from "./flow.js";
import { InstantField } from "./instant-field.js";
import { instantInWords } from "./instants.js";
import type { PageProps } from "./props.js";
import { StepPicker } from "./step-picker.js";
import { approvalInWords, eventTitles, listed, quoted, refusalInWords, stepInWords, title } from "./wording.js";

export interface FlowViewProps extends Pick<PageProps, "it" | "dispatch"> {
  readonly submission: Submission;
}

/** How many of those who could approve get a button each. */
const mostShown = 8;

/** Shows the status of a post: who is asked, and for whom it waits. */
export function FlowView({ it, submission, dispatch }: FlowViewProps): ReactNode {
  const { policy, now } = it;
  const { status, author, connections, revision, expires } = submission;
  const awaited = awaitedOf(it, submission);
  const hasExpired = expires !== undefined && expires <= now;
  return (
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
          By {quoted(author)} to {listed(connections.map(quoted))}. Revision {revision}.
          {expires !== undefined && ` Deadline: ${instantInWords(expires)}${hasExpired ? ", which has passed" : ""}.`}
        </Text>
        <StepList submission={submission} policy={policy} />
        {awaited.length > 0 && (
          <Group gap="xs" role="group" aria-label="Who may approve now">
            {awaited.slice(0, mostShown).map(({ user, for: asked }) => (
              <Button
                key={user}
                size="compact-sm"
                variant="default"
                onClick={() => dispatch({ type: "look", at: { viewer: user } })}
              >
                Act as {approvalInWords({ by: user, ...(asked !== undefined && { for: asked }) })}
              </Button>
            ))}
            {awaited.length > mostShown && <Text size="sm">and {awaited.length - mostShown} more</Text>}
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

/** Lets any user try any event, at any time. */
export function FlowEvents({ it, submission, dispatch }: FlowViewProps): ReactNode {
  const { policy, saved, viewer, now } = it;
  const { status, steps, approvals, revision } = submission;
  // What is filled in is for this round: when somebody has approved, other steps are open.
  const round = JSON.stringify([status, steps, approvals]);
  const [filled, setFilled] = useState({ round, asked: openSteps(it, submission) });
  const asked = filled.round === round ? filled.asked : openSteps(it, submission);
  const [expires, setExpires] = useState<string | undefined>();
  const isOpen = status === "draft" || status === "pending";
  const isNamed = policy.approval?.approvers === "named";
  const chosen = asked.filter(({ of }) => of.length > 0).map(stepOf);
  const stepsFor = (type: EventType) => {
    if (!isNamed) return [];
    return type === "reassign" && status === "pending" ? [...passedSteps(it, submission), ...chosen] : chosen;
  };
  const look = (at: Partial<Pick<typeof it, "viewer" | "now">>) => dispatch({ type: "look", at });
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <Group grow align="start" preventGrowOverflow={false}>
          <Choose label="Acting as" value={viewer} ids={saved.users()} onChoose={(id) => look({ viewer: id })} />
          <InstantField label="It is now" value={now} onChange={(instant) => instant && look({ now: instant })} />
        </Group>
        {isNamed && isOpen && (
          <StepPicker
            it={it}
            submission={submission}
            asked={asked}
            onChange={(next) => setFilled({ round, asked: next })}
          />
        )}
        {status === "draft" && <InstantField label="Deadline, if there is one" value={expires} onChange={setExpires} />}
        <Text size="sm" c="dimmed">
          Try any button. A filled button would be accepted. The others say why not.
        </Text>
        <Group gap="xs" role="toolbar" aria-label={`What ${quoted(viewer)} could try`}>
          {eventTypes.map((type) => (
            <Attempt
              key={type}
              label={eventTitles[type]}
              it={it}
              submission={submission}
              event={eventOf(type, viewer, revision, stepsFor(type), expires)}
              dispatch={dispatch}
            />
          ))}
        </Group>
      </Stack>
    </Paper>
  );
}

/** Shows who is asked in each step, who approved, and who is still awaited. */
function StepList({ submission, policy }: { readonly submission: Submission; readonly policy: Policy }): ReactNode {
  const { status, steps } = timeline(submission, policy);
  if (status === "draft") return <Text size="sm">Nobody is asked yet. Submit it, and the approvers are awaited.</Text>;
  const outcome = ({ approvals, awaited, anyone, state }: TimelineStep) => [
    ...(approvals.length > 0 ? [`approved by ${listed(approvals.map(approvalInWords))}`] : []),
    ...(state === "current" ? [anyone ? "awaited" : `awaits ${listed(awaited.map(quoted), "or")}`] : []),
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
  const result = outcomeOf(it, submission, event);
  return (
    <Tooltip label={result.ok ? "" : `Would be refused: ${refusalInWords(result)}`} disabled={result.ok}>
      <Button size="sm" variant={result.ok ? "filled" : "default"} onClick={() => dispatch({ type: "event", event })}>
        {label}
      </Button>
    </Tooltip>
  );
}
