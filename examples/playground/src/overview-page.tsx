import { Anchor, Group, NativeSelect, SegmentedControl, Stack, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { areasOf, keysOf } from "./areas.js";
import { labelsOf } from "./labels.js";
import { flagsIn, Level } from "./level.js";
import { PageTitle } from "./page-title.js";
import type { PageProps } from "./props.js";
import { grantInWords, quoted, title } from "./wording.js";

export function OverviewPage({ it, choice, dispatch }: PageProps): ReactNode {
  const { policy, saved, area } = it;
  const areas = areasOf(policy, "connection");
  const ofAccount = areasOf(policy, "account");
  const connections = areas.length > 0 ? saved.connections() : [];
  /** What a user holds in the account above the lowest levels. */
  const heldInAccount = (user: string) => {
    const grant = saved.accountGrant(user);
    const held = ofAccount.filter((each) => grant[each] !== policy.levels[0]);
    return grantInWords(
      policy,
      Object.fromEntries(held.flatMap((each) => keysOf(policy, each)).map((key) => [key, grant[key]])),
    );
  };
  const labels = labelsOf(it, choice);
  const choose = (value: string) => dispatch({ type: "look", at: { area: value } });
  const data = areas.map((value) => ({ value, label: title(value) }));
  return (
    <Stack gap="md">
      <Group justify="space-between" align="end">
        <PageTitle
          title="Who holds what"
          says={`${labels ? `${labels.about} ` : ""}What each user holds in one area. Choose a connection to assign its users.`}
        />
        {areas.length === 0 ? null : areas.length > 3 ? (
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
      <Table.ScrollContainer
        minWidth={Math.min(1000, 100 + 120 * (connections.length + (ofAccount.length > 0 ? 1 : 0)))}
      >
        <Table className="sticky" verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">User</Table.Th>
              {ofAccount.length > 0 && <Table.Th scope="col">In the account</Table.Th>}
              {connections.map((connection) => (
                <Table.Th key={connection} scope="col" style={{ verticalAlign: "bottom" }}>
                  {labels && (
                    <Text size="xs" c="dimmed" fw={400}>
                      {labels.brands.get(connection)}
                    </Text>
                  )}
                  <Anchor
                    component="button"
                    type="button"
                    underline="always"
                    ta="start"
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
                  {labels ? (
                    <>
                      <Text fw={600} size="sm">
                        {labels.people.get(user)?.[0]}
                      </Text>
                      <Text c="dimmed" size="xs" fw={400}>
                        {labels.people.get(user)?.[1]}
                      </Text>
                      <Text c="dimmed" size="xs" fw={400}>
                        {quoted(user)} · {title(saved.user(user).role)}
                      </Text>
                    </>
                  ) : (
                    <>
                      <Text fw={600} size="sm">
                        {quoted(user)}
                      </Text>
                      <Text c="dimmed" size="xs">
                        {title(saved.user(user).role)}
                      </Text>
                    </>
                  )}
                </Table.Th>
                {ofAccount.length > 0 && (
                  <Table.Td>
                    <Text size="sm">{heldInAccount(user) || "—"}</Text>
                  </Table.Td>
                )}
                {connections.map((connection) => {
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
