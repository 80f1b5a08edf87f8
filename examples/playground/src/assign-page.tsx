import { Alert, Grid, Group, NativeSelect, Paper, Stack, Switch, Table, Text, Title } from "@mantine/core";
import { diffMatrices } from "channel-grants/analysis";
import type { ReactNode } from "react";
import { Choose } from "./choose.js";
import { Effects } from "./effects.js";
import { GatedButton } from "./gated-button.js";
import { PageTitle } from "./page-title.js";
import type { PageProps } from "./props.js";
import { quoted, title } from "./wording.js";

export function AssignPage({ it, dispatch }: PageProps): ReactNode {
  const { policy, saved, staged, connection } = it;
  const areas = Object.entries(policy.areas);
  const diff = diffMatrices(saved, staged, {
    groups: it.post.connections.length > 1 ? [{ connections: it.post.connections }] : [],
    submissions: it.submission ? [it.submission] : [],
  });
  const isStaged = diff.grants.length > 0;
  const off = isStaged ? undefined : "No changes yet.";
  return (
    <Stack gap="md">
      <Group justify="space-between" align="end">
        <PageTitle title="Assign users" says="Your changes take effect when you press Assign." />
        <Choose
          label="Connection"
          value={connection}
          ids={saved.connections()}
          onChoose={(id) => dispatch({ type: "look", at: { connection: id } })}
        />
      </Group>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Table className="stacked" verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">User</Table.Th>
                {areas.flatMap(([area, { flags = {} }]) =>
                  [area, ...Object.keys(flags)].map((column) => (
                    <Table.Th key={column} scope="col">
                      {title(column)}
                    </Table.Th>
                  )),
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {staged.users().map((user) => (
                <UserRow key={user} it={it} user={user} dispatch={dispatch} />
              ))}
            </Table.Tbody>
          </Table>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Paper withBorder p="md">
            <Stack gap="sm">
              <Title order={3} size="h5">
                What would change
              </Title>
              {isStaged ? <Effects policy={policy} diff={diff} /> : <Text size="sm">No changes yet.</Text>}
              <Group gap="xs">
                <GatedButton reason={off} onPress={() => dispatch({ type: "assign" })}>
                  Assign
                </GatedButton>
                <GatedButton variant="default" reason={off} onPress={() => dispatch({ type: "discard" })}>
                  Discard
                </GatedButton>
              </Group>
              {isStaged && diff.decisions.length === 0 && (
                <Alert color="yellow">No answer about a single connection changes.</Alert>
              )}
            </Stack>
          </Paper>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

interface UserRowProps extends Pick<PageProps, "it" | "dispatch"> {
  readonly user: string;
}

function UserRow({ it, user, dispatch }: UserRowProps): ReactNode {
  const { policy, staged, connection } = it;
  const { role } = staged.user(user);
  const isFixed = policy.roles[role]?.holds !== undefined;
  const grant = staged.grant(user, connection);
  const stage = (part: Readonly<Record<string, string | boolean>>) =>
    dispatch({ type: "stage", change: { user, connection, grant: part } });
  return (
    <Table.Tr>
      <Table.Th scope="row" data-column="User">
        <div>
          <Text fw={600} size="sm">
            {quoted(user)}
          </Text>
          <Text c="dimmed" size="xs">
            {title(role)}
            {isFixed && ", whose role fixes this"}
          </Text>
        </div>
      </Table.Th>
      {Object.entries(policy.areas).flatMap(([area, { levels, flags = {} }]) => {
        const level = String(grant[area]);
        const mayCarry = (flag: string, beside: string) => flags[flag]?.includes(beside) === true;
        // A flag does not survive a level that cannot carry it.
        const withoutLost = (next: string) =>
          Object.fromEntries(
            Object.keys(flags)
              .filter((flag) => !mayCarry(flag, next))
              .map((flag) => [flag, false]),
          );
        return [
          <Table.Td key={area} data-column={title(area)}>
            <NativeSelect
              aria-label={`${title(area)} of ${quoted(user)}`}
              value={level}
              disabled={isFixed}
              data={levels.map((value) => ({ value, label: title(value) }))}
              onChange={({ currentTarget: { value } }) => stage({ [area]: value, ...withoutLost(value) })}
            />
          </Table.Td>,
          ...Object.keys(flags).map((flag) => (
            <Table.Td key={flag} data-column={title(flag)}>
              <Switch
                aria-label={`${title(flag)} of ${quoted(user)}`}
                checked={grant[flag] === true}
                disabled={isFixed || !mayCarry(flag, level)}
                onChange={({ currentTarget: { checked } }) => stage({ [flag]: checked })}
              />
            </Table.Td>
          )),
        ];
      })}
    </Table.Tr>
  );
}
