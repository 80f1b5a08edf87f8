import { Alert, Box, Grid, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import type { GrantInput } from "channel-grants";
import { diffMatrices } from "channel-grants/analysis";
import type { ReactNode } from "react";
import { AccountFields } from "./account-fields.js";
import { areasOf, isFixed, keysOf } from "./areas.js";
import { isChanged } from "./case.js";
import { Choose } from "./choose.js";
import { AccountEffects, Effects } from "./effects.js";
import { GatedButton } from "./gated-button.js";
import { FlagField, LevelField } from "./grant-fields.js";
import { groupOf } from "./group.js";
import { outcomeOf } from "./outcome.js";
import { PageTitle } from "./page-title.js";
import type { PageProps } from "./props.js";
import { quoted, title } from "./wording.js";

export function AssignPage({ it, dispatch }: PageProps): ReactNode {
  const { policy, saved, staged, connection } = it;
  const areas = areasOf(policy, "connection");
  const ofAccount = areasOf(policy, "account");
  const isStaged = isChanged(it);
  const diff = outcomeOf(() =>
    diffMatrices(saved, staged, {
      groups: it.post.connections.length > 1 ? [groupOf(it)] : [],
      submissions: it.submission ? [it.submission] : [],
    }),
  );
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
          <Stack gap="lg">
            {areas.length === 0 ? (
              <Text size="sm">This policy grants nothing on a connection.</Text>
            ) : (
              <Box style={{ overflowX: "auto" }}>
                <Table className="stacked" verticalSpacing="xs">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th scope="col">User</Table.Th>
                      {areas
                        .flatMap((area) => keysOf(policy, area))
                        .map((column) => (
                          <Table.Th key={column} scope="col">
                            {title(column)}
                          </Table.Th>
                        ))}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {staged.users().map((user) => (
                      <UserRow key={user} it={it} user={user} dispatch={dispatch} />
                    ))}
                  </Table.Tbody>
                </Table>
              </Box>
            )}
            {ofAccount.length > 0 && <AccountFields it={it} dispatch={dispatch} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Paper withBorder p="md">
            <Stack gap="sm">
              <Title order={3} size="h5">
                What would change
              </Title>
              {isStaged ? (
                <>
                  {ofAccount.length > 0 && <AccountEffects it={it} />}
                  {diff.ok ? (
                    <Effects policy={policy} diff={diff.value} />
                  ) : (
                    <Alert color="yellow">What else would change could not be worked out: {diff.message}</Alert>
                  )}
                </>
              ) : (
                <Text size="sm">No changes yet.</Text>
              )}
              <Group gap="xs">
                <GatedButton reason={off} onPress={() => dispatch({ type: "assign" })}>
                  Assign
                </GatedButton>
                <GatedButton variant="default" reason={off} onPress={() => dispatch({ type: "discard" })}>
                  Discard
                </GatedButton>
              </Group>
              {isStaged && diff.ok && diff.value.decisions.length === 0 && (
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
  const fields = {
    policy,
    user,
    grant: staged.grant(user, connection),
    isFixed: isFixed(policy, role, "connection"),
    onStage: (grant: GrantInput) => dispatch({ type: "stage", change: { user, connection, grant } }),
  };
  return (
    <Table.Tr>
      <Table.Th scope="row" data-column="User">
        <div>
          <Text fw={600} size="sm">
            {quoted(user)}
          </Text>
          <Text c="dimmed" size="xs">
            {title(role)}
            {fields.isFixed && ", whose role fixes this"}
          </Text>
        </div>
      </Table.Th>
      {areasOf(policy, "connection").flatMap((area) => [
        <Table.Td key={area} data-column={title(area)}>
          <LevelField {...fields} area={area} />
        </Table.Td>,
        ...Object.keys(policy.areas[area]?.flags ?? {}).map((flag) => (
          <Table.Td key={flag} data-column={title(flag)}>
            <FlagField {...fields} area={area} flag={flag} />
          </Table.Td>
        )),
      ])}
    </Table.Tr>
  );
}
