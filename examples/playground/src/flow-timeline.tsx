import { Paper, Stack, Text, Timeline, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { LogEntry } from "./case.js";
import { instantInWords } from "./instants.js";
import { deedInWords, title } from "./wording.js";

/** Shows what was done and what was refused, the latest at the end. */
export function FlowTimeline({ log }: { readonly log: readonly LogEntry[] }): ReactNode {
  return (
    <Paper withBorder p="md">
      <Stack gap="md" className="break">
        <Title order={3} size="h5">
          What happened
        </Title>
        {log.length === 0 ? (
          <Text size="sm">Nothing yet.</Text>
        ) : (
          <Timeline active={log.length - 1} bulletSize={24} lineWidth={2} aria-live="polite">
            {log.map((entry, index) => (
              <Timeline.Item
                // biome-ignore lint/suspicious/noArrayIndexKey: the log only grows
                key={index}
                title={deedInWords(entry)}
                color={entry.refusal === undefined ? "green" : "red"}
                bullet={entry.refusal === undefined ? "✓" : "✗"}
              >
                <Text size="sm">
                  {entry.refusal === undefined ? title(entry.status ?? "") : `Refused: ${entry.refusal}`}
                </Text>
                {entry.at !== undefined && (
                  <Text size="xs" c="dimmed">
                    {instantInWords(entry.at)}
                  </Text>
                )}
              </Timeline.Item>
            ))}
          </Timeline>
        )}
      </Stack>
    </Paper>
  );
}
