import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { GrantInput } from "channel-grants";
import type { ReactNode } from "react";
import { areasOf, isFixed } from "./areas.js";
import { Choose } from "./choose.js";
import { FlagField, LevelField } from "./grant-fields.js";
import type { PageProps } from "./props.js";
import { title } from "./wording.js";

/** What one user holds in the account as a whole: there may be many such areas, so it is one user at a time. */
export function AccountFields({ it, dispatch }: Pick<PageProps, "it" | "dispatch">): ReactNode {
  const { policy, staged, viewer } = it;
  const { role } = staged.user(viewer);
  const fields = {
    policy,
    user: viewer,
    grant: staged.accountGrant(viewer),
    isFixed: isFixed(policy, role, "account"),
    onStage: (grant: GrantInput) => dispatch({ type: "stage", change: { user: viewer, grant } }),
  };
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <Group justify="space-between" align="end">
          <Title order={3} size="h5">
            In the account as a whole
          </Title>
          <Choose
            label="User"
            value={viewer}
            ids={staged.users()}
            onChoose={(id) => dispatch({ type: "look", at: { viewer: id } })}
          />
        </Group>
        {fields.isFixed && (
          <Text size="sm" c="dimmed">
            The role {title(role)} fixes this.
          </Text>
        )}
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3, lg: 4 }}>
          {areasOf(policy, "account").map((area) => (
            <Stack key={area} gap="xs">
              <LevelField {...fields} area={area} label={title(area)} />
              {Object.keys(policy.areas[area]?.flags ?? {}).map((flag) => (
                <FlagField key={flag} {...fields} area={area} flag={flag} label={title(flag)} />
              ))}
            </Stack>
          ))}
        </SimpleGrid>
      </Stack>
    </Paper>
  );
}
