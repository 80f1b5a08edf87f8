import { Button, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { Absence } from "./case.js";
import { Choose } from "./choose.js";
import { GatedButton } from "./gated-button.js";
import { InstantField } from "./instant-field.js";
import { absenceFault, periodInWords } from "./instants.js";
import type { PageProps } from "./props.js";
import { quoted } from "./wording.js";

/** Lists who stands in for whom, to be added to and taken away from. */
export function StandInList({ it, dispatch }: Pick<PageProps, "it" | "dispatch">): ReactNode {
  const { saved, standIns } = it;
  const users = saved.users();
  const [filled, setFilled] = useState<Absence>({ for: users[0] ?? "", by: users[1] ?? users[0] ?? "" });
  // Somebody who was chosen may have left with another account.
  const there = (id: string) => (users.includes(id) ? id : (users[0] ?? ""));
  const next: Absence = { ...filled, for: there(filled.for), by: there(filled.by) };
  const put = (list: readonly Absence[]) => dispatch({ type: "look", at: { standIns: list } });
  const setTime = (key: "from" | "until", instant: string | undefined) => {
    const { [key]: _, ...rest } = next;
    setFilled(instant === undefined ? rest : { ...rest, [key]: instant });
  };
  return (
    <Paper withBorder p="md">
      <Stack gap="md" className="break">
        <div>
          <Title order={3} size="h5">
            Stand-ins
          </Title>
          <Text size="sm" c="dimmed">
            A stand-in may do what the other is asked for, if it holds the right itself at that moment.
          </Text>
        </div>
        {standIns.length > 0 && (
          <List size="sm" spacing="xs" listStyleType="none">
            {standIns.map((each, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two may say the same
              <List.Item key={place}>
                <Group gap="xs">
                  <span>
                    <strong>{quoted(each.by)}</strong> for <strong>{quoted(each.for)}</strong>, {periodInWords(each)}
                  </span>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Remove ${quoted(each.by)} for ${quoted(each.for)}`}
                    onClick={() => put(standIns.toSpliced(place, 1))}
                  >
                    Remove
                  </Button>
                </Group>
              </List.Item>
            ))}
          </List>
        )}
        <Group grow align="start" preventGrowOverflow={false}>
          <Choose label="Stands in" value={next.by} ids={users} onChoose={(id) => setFilled({ ...next, by: id })} />
          <Choose label="For" value={next.for} ids={users} onChoose={(id) => setFilled({ ...next, for: id })} />
        </Group>
        <Group grow align="start" preventGrowOverflow={false}>
          <InstantField label="From" value={next.from} onChange={(instant) => setTime("from", instant)} />
          <InstantField label="Until" value={next.until} onChange={(instant) => setTime("until", instant)} />
        </Group>
        <Group>
          <GatedButton variant="default" reason={absenceFault(next)} onPress={() => put([...standIns, next])}>
            Add the stand-in
          </GatedButton>
        </Group>
      </Stack>
    </Paper>
  );
}
