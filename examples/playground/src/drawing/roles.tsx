import { Checkbox, Group, NativeSelect, Stack, Switch, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { title } from "../wording.js";
import { compact, type Role } from "./definition.js";
import { putHolds } from "./edits.js";
import { refusedAt } from "./findings.js";
import { AddName, NameMenu } from "./name-menu.js";
import { Refusals } from "./notes.js";
import type { DrawingProps } from "./props.js";

/** The roles as rows, with what each of them holds everywhere, if it does. */
export function Roles(props: DrawingProps): ReactNode {
  const { definition, refused, onEdit } = props;
  const areas = Object.keys(definition.areas);
  return (
    <Stack gap="sm">
      <Table className="stacked" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={140}>
              Role
            </Table.Th>
            <Table.Th scope="col">What its users hold</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Object.keys(definition.roles).map((role) => (
            <Table.Tr key={role}>
              <Table.Th scope="row" data-column="Role">
                <NameMenu
                  definition={definition}
                  named={{ kind: "role", name: role }}
                  onEdit={onEdit}
                  hasFault={refusedAt(refused, "roles", role).length > 0}
                />
              </Table.Th>
              <Table.Td data-column="Holds">
                <Stack gap="xs">
                  <Switch
                    size="sm"
                    label="The same everywhere"
                    aria-label={`${title(role)} holds the same everywhere`}
                    checked={definition.roles[role]?.holds !== undefined}
                    onChange={({ currentTarget: { checked } }) => onEdit(putHolds(role, checked ? {} : undefined))}
                  />
                  {definition.roles[role]?.holds && (
                    <Group gap="sm" align="start">
                      {areas.map((area) => (
                        <Held key={area} {...props} role={role} area={area} />
                      ))}
                    </Group>
                  )}
                  <Refusals refused={refusedAt(refused, "roles", role)} />
                </Stack>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <AddName definition={definition} kind="role" onEdit={onEdit} />
    </Stack>
  );
}

/** What a role holds in one area. */
function Held({ definition, role, area, onEdit }: DrawingProps & { role: string; area: string }): ReactNode {
  const { levels = [], flags = {} } = definition.areas[area] ?? {};
  const holds: NonNullable<Role["holds"]> = definition.roles[role]?.holds ?? {};
  const held = String(holds[area] ?? "");
  const set = (part: Readonly<Record<string, string | boolean | undefined>>) =>
    onEdit(putHolds(role, compact<Record<string, string | boolean>>({ ...holds, ...part } as never)));
  return (
    <Stack gap={4}>
      <NativeSelect
        size="xs"
        label={title(area)}
        aria-label={`${title(area)} that ${title(role)} holds`}
        value={held}
        data={[{ value: "", label: "Left out" }, ...levels.map((value) => ({ value, label: title(value) }))]}
        onChange={({ currentTarget: { value } }) => {
          const lost = Object.keys(flags).filter((flag) => !flags[flag]?.includes(value));
          set({ [area]: value || undefined, ...Object.fromEntries(lost.map((flag) => [flag, undefined])) });
        }}
      />
      {Object.entries(flags).map(([flag, beside]) => (
        <Checkbox
          key={flag}
          size="xs"
          label={title(flag)}
          checked={holds[flag] === true}
          disabled={!beside.includes(held)}
          onChange={({ currentTarget: { checked } }) => set({ [flag]: checked || undefined })}
        />
      ))}
    </Stack>
  );
}

/** What a user can be to a post. */
export function Relations({ definition, refused, onEdit }: DrawingProps): ReactNode {
  const { relations = [] } = definition;
  return (
    <Stack gap="sm">
      {relations.length > 0 ? (
        <Group gap="xs">
          {relations.map((relation, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a relation may stand there twice while it is typed
            <Stack key={`${index} ${relation}`} gap={4}>
              <NameMenu
                definition={definition}
                named={{ kind: "relation", name: relation }}
                onEdit={onEdit}
                hasFault={refusedAt(refused, "relations", index).length > 0}
              />
              <Refusals refused={refusedAt(refused, "relations", index)} />
            </Stack>
          ))}
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          None yet: no action asks who wrote the post.
        </Text>
      )}
      <AddName definition={definition} kind="relation" onEdit={onEdit} />
    </Stack>
  );
}
