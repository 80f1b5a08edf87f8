import { Checkbox, Chip, Group, NativeSelect, Stack, Switch, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { title } from "../wording.js";
import { putFlag, putHalf, putLevel, putLift } from "./edits.js";
import { refusedAt } from "./findings.js";
import { AddName, NameMenu } from "./name-menu.js";
import { Findings, Refusals } from "./notes.js";
import type { DrawingProps } from "./props.js";

/** The areas as columns of one ladder, the highest level on top; beside a level stand the flags that may. */
export function Ladder(props: DrawingProps): ReactNode {
  const { definition, refused, onEdit } = props;
  const { levels } = definition;
  const areas = Object.keys(definition.areas);
  return (
    <Stack gap="sm">
      <Table.ScrollContainer minWidth={Math.min(1000, 140 + 150 * areas.length)} type="native">
        <Table className="sticky" verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" w={140}>
                Level
              </Table.Th>
              {areas.map((area) => (
                <Table.Th key={area} scope="col" style={{ verticalAlign: "top" }}>
                  <AreaHead {...props} area={area} />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {levels
              .map((level, rank) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a level may stand there twice while it is typed
                <Table.Tr key={`${rank} ${level}`}>
                  <Table.Th scope="row">
                    <Stack gap={4} align="start">
                      <NameMenu
                        definition={definition}
                        named={{ kind: "level", name: level }}
                        onEdit={onEdit}
                        // The ladder stands on its lowest level, so it is drawn from its end.
                        ways={["Move down", "Move up"]}
                        isKept={rank === 0}
                        hasFault={refusedAt(refused, "levels", rank).length > 0}
                      />
                      <Refusals refused={refusedAt(refused, "levels", rank)} />
                    </Stack>
                  </Table.Th>
                  {areas.map((area) => (
                    <Table.Td key={area}>
                      <Rung {...props} area={area} level={level} isLowest={rank === 0} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))
              .reverse()}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group gap="md">
        <AddName definition={definition} kind="level" onEdit={onEdit} />
        <AddName definition={definition} kind="area" onEdit={onEdit} />
      </Group>
    </Stack>
  );
}

interface OfArea extends DrawingProps {
  readonly area: string;
}

function AreaHead(props: OfArea): ReactNode {
  const { definition, refused, found, area, onEdit } = props;
  const { of, flags = {}, noAccessCountsAs } = definition.areas[area] ?? {};
  const faults = refusedAt(refused, "areas", area);
  const facts = [
    of === "account" ? "held once, in the account" : "held on each connection",
    ...(noAccessCountsAs === undefined ? [] : [`no access counts as ${title(noAccessCountsAs)}`]),
  ];
  return (
    <Stack gap={6} align="start">
      <NameMenu
        definition={definition}
        named={{ kind: "area", name: area }}
        onEdit={onEdit}
        ways={["Move left", "Move right"]}
        hasFault={faults.length > 0}
      >
        <AreaFields {...props} />
      </NameMenu>
      <Text size="xs" c="dimmed" fw={400}>
        {facts.join("; ")}
      </Text>
      {Object.keys(flags).length > 0 && (
        <Group gap={4}>
          <Text size="xs" fw={400}>
            Flags:
          </Text>
          {Object.keys(flags).map((flag) => (
            <NameMenu
              key={flag}
              definition={definition}
              named={{ kind: "flag", name: flag, area }}
              onEdit={onEdit}
              size="compact-xs"
            />
          ))}
        </Group>
      )}
      <Refusals refused={faults} />
      <Findings definition={definition} found={found.areas.get(area) ?? []} />
    </Stack>
  );
}

function AreaFields({ definition, area, onEdit }: OfArea): ReactNode {
  const { of, levels = [], noAccessCountsAs } = definition.areas[area] ?? {};
  return (
    <Stack gap="sm">
      <Switch
        label="Held once, in the account"
        checked={of === "account"}
        onChange={(event) => onEdit(putHalf(area, event.currentTarget.checked))}
      />
      <NativeSelect
        label="Beside an accessible connection, no access counts as"
        value={noAccessCountsAs ?? ""}
        data={[{ value: "", label: "No access" }, ...levels.slice(1).map((value) => ({ value, label: title(value) }))]}
        onChange={({ currentTarget: { value } }) => onEdit(putLift(area, value === "" ? undefined : value))}
      />
      <AddName definition={definition} kind="flag" area={area} onEdit={onEdit} />
    </Stack>
  );
}

/** One level of one area: whether the area has it, and which flags may stand beside it. */
function Rung({ definition, area, level, isLowest, onEdit }: OfArea & { level: string; isLowest: boolean }): ReactNode {
  const { levels = [], flags = {} } = definition.areas[area] ?? {};
  const has = levels.includes(level);
  return (
    <Group gap="xs">
      <Checkbox
        checked={has}
        disabled={isLowest && has}
        aria-label={`${title(area)} has ${title(level)}`}
        onChange={(event) => onEdit(putLevel(area, level, event.currentTarget.checked))}
      />
      {has &&
        !isLowest &&
        Object.entries(flags).map(([flag, beside]) => (
          <Chip
            key={flag}
            size="xs"
            variant="outline"
            checked={beside.includes(level)}
            aria-label={`${title(flag)} beside ${title(level)}`}
            onChange={(may) => onEdit(putFlag(area, flag, level, may))}
          >
            {title(flag)}
          </Chip>
        ))}
    </Group>
  );
}
