import { Anchor, Group, NativeSelect, SegmentedControl, Stack, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { flagsIn, Level } from "./level.js";
import { PageTitle } from "./page-title.js";
import type { PageProps } from "./props.js";
import { quoted, title } from "./wording.js";

export function OverviewPage({ it, dispatch }: PageProps): ReactNode {
  const { policy, saved, area } = it;
  const areas = Object.keys(policy.areas);
  const choose = (value: string) => dispatch({ type: "look", at: { area: value } });
  const data = areas.map((value) => ({ value, label: title(value) }));
  return (
    <Stack gap="md">
      <Group justify="space-between" align="end">
        <PageTitle
          title="Who holds what"
          says="What each user holds in one area. Choose a connection to assign its users."
        />
        {areas.length > 3 ? (
          <NativeSelect label="Area" value={area} data={data} onChange={(event) => choose(event.currentTarget.value)} />
        ) : (
          <SegmentedControl aria-label="Area" value={area} data={data} onChange={choose} />
        )}
      </Group>
      <Group gap="xs" role="group" aria-label="Levels, lowest first">
        {policy.areas[area]?.levels.map((level) => (
          <Level key={level} policy={policy} area={area} level={level} />
        ))}
      </Group>
      <Table.ScrollContainer minWidth={Math.min(1000, 100 + 120 * saved.connections().length)}>
        <Table className="sticky" verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">User</Table.Th>
              {saved.connections().map((connection) => (
                <Table.Th key={connection} scope="col">
                  <Anchor
                    component="button"
                    type="button"
                    underline="always"
                    fw={700}
                    size="sm"
                    aria-label={`Assign users of ${quoted(connection)}`}
                    onClick={() => {
                      dispatch({ type: "look", at: { connection } });
                      dispatch({ type: "show", tab: "assign" });
                    }}
                  >
                    {quoted(connection)}
                  </Anchor>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {saved.users().map((user) => (
              <Table.Tr key={user}>
                <Table.Th scope="row">
                  <Text fw={600} size="sm">
                    {quoted(user)}
                  </Text>
                  <Text c="dimmed" size="xs">
                    {title(saved.user(user).role)}
                  </Text>
                </Table.Th>
                {saved.connections().map((connection) => {
                  const grant = saved.grant(user, connection);
                  return (
                    <Table.Td key={connection}>
                      <Level
                        policy={policy}
                        area={area}
                        level={String(grant[area])}
                        flags={flagsIn(policy, area, grant)}
                      />
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
