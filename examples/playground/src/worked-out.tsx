import { Badge, Group, Stack, Table, Text, Title } from "@mantine/core";
import type { Policy } from "channel-grants";
import type { ReactNode } from "react";
import type { WorkedOut } from "./group.js";
import { Level } from "./level.js";
import { listed, quoted, title } from "./wording.js";

export interface WorkedOutLevelProps extends WorkedOut {
  readonly policy: Policy;
  readonly viewer: string;
}

/** Shows a level on a group, and how it comes about. */
export function WorkedOutLevel({ policy, viewer, area, level, shares }: WorkedOutLevelProps): ReactNode {
  const lowest = shares.filter(({ holdsDown }) => holdsDown).map(({ connection }) => quoted(connection));
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Title order={3} size="h5">
          {quoted(viewer)} in {title(area)}
        </Title>
        <Level policy={policy} area={area} level={level} />
      </Group>
      <Text size="sm">
        {lowest.length > 0
          ? `${listed(lowest)} ${lowest.length > 1 ? "set" : "sets"} the level of the group.`
          : "Every connection is at the level of the group."}
      </Text>
      <Table verticalSpacing="xs" className="stacked break">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Connection</Table.Th>
            <Table.Th scope="col">Holds</Table.Th>
            <Table.Th scope="col">Counts as</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shares.map(({ connection, holds, countsAs, holdsDown }) => (
            <Table.Tr key={connection}>
              <Table.Th scope="row" data-column="Connection">
                {quoted(connection)}
              </Table.Th>
              <Table.Td data-column="Holds">
                <Level policy={policy} area={area} level={holds} />
              </Table.Td>
              <Table.Td data-column="Counts as">
                <Group gap="xs">
                  <Level policy={policy} area={area} level={countsAs} />
                  {holdsDown && (
                    <Badge variant="default" tt="none" radius="sm" size="lg" fw={500}>
                      ↓ lowest
                    </Badge>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
