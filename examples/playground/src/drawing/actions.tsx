import { Button, Group, NativeSelect, Popover, Stack, Table, Text } from "@mantine/core";
import { Fragment, type ReactNode, useState } from "react";
import { Level } from "../level.js";
import { title } from "../wording.js";
import { ClauseEditor } from "./clause-editor.js";
import {
  type Alternative,
  type Clause,
  type Definition,
  listOf,
  type Part,
  partsOf,
  type States,
} from "./definition.js";
import { firstClause, putClause, putClauses, putTarget } from "./edits.js";
import { type Found, refusedAt } from "./findings.js";
import { AddName, NameMenu } from "./name-menu.js";
import { Findings, FindingView, Refusals } from "./notes.js";
import type { DrawingProps } from "./props.js";
import { clauseInWords, mannerMarks, manners, plain, type Words } from "./sentences.js";

const targets = [
  { value: "group", label: "about a post" },
  { value: "connection", label: "about a connection" },
  { value: "none", label: "about the account" },
];

/** The actions as rows: what each clause asks in each area, and the clause as a sentence that opens for editing. */
export function Actions(props: DrawingProps): ReactNode {
  const { definition, onEdit } = props;
  const areas = columnsOf(definition);
  return (
    <Stack gap="sm">
      <Table.ScrollContainer className="fits" minWidth={Math.min(1100, 380 + 115 * areas.length)} type="native">
        <Table className="stacked break" verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Action</Table.Th>
              {areas.map((area) => (
                <Table.Th key={area ?? ""} scope="col">
                  {area === undefined ? "Asks" : title(area)}
                </Table.Th>
              ))}
              <Table.Th scope="col">Allowed to</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {Object.keys(definition.actions).map((action) => (
              <ActionRows key={action} {...props} action={action} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <AddName definition={definition} kind="action" onEdit={onEdit} />
    </Stack>
  );
}

function ActionRows(props: DrawingProps & { action: string }): ReactNode {
  const { definition, refused, found, action, onEdit } = props;
  const { target = "", allow } = definition.actions[action] ?? {};
  const [open, setOpen] = useState<number>();
  const areas = columnsOf(definition);
  const clauses = listOf<Clause>(allow);
  const faults = refusedAt(refused, "actions", action);
  const notes = found.actions.get(action) ?? [];
  const ofClause = (index: number) =>
    Array.isArray(allow)
      ? refusedAt(refused, "actions", action, "allow", index)
      : refusedAt(refused, "actions", action, "allow");
  const placed = clauses.flatMap((_, index) => ofClause(index));
  const rows = clauses.length === 0 ? [undefined] : clauses;
  const width = areas.length + 2;
  return (
    <>
      {rows.map((clause, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: clauses have no names
        <Fragment key={index}>
          <Table.Tr>
            {index === 0 ? (
              <Table.Th scope="row" data-column="Action" fw={400}>
                <Stack gap={4} align="start">
                  <NameMenu
                    definition={definition}
                    named={{ kind: "action", name: action }}
                    onEdit={onEdit}
                    hasFault={faults.length > 0}
                  />
                  <NativeSelect
                    size="xs"
                    miw={165}
                    aria-label={`What ${action} is asked about`}
                    value={target}
                    data={targets.some(({ value }) => value === target) ? targets : [...targets, target]}
                    error={refusedAt(refused, "actions", action, "target").length > 0}
                    onChange={(event) => onEdit(putTarget(action, event.currentTarget.value))}
                  />
                  <Expected definition={definition} action={action} found={notes} />
                </Stack>
              </Table.Th>
            ) : (
              <Table.Td data-column="Or" ta="right">
                <Text size="sm" c="dimmed" visibleFrom="sm">
                  or
                </Text>
              </Table.Td>
            )}
            {areas.map((area) => (
              <Table.Td key={area ?? ""} data-column={area === undefined ? "Asks" : title(area)}>
                <Asked definition={definition} clause={clause} area={area} />
              </Table.Td>
            ))}
            <Table.Td data-column="Allowed to">
              {clause ? (
                <Button
                  variant="subtle"
                  size="compact-sm"
                  className="sentence"
                  aria-expanded={open === index}
                  aria-label={`Clause ${index + 1} of ${action}: ${plain(clauseInWords(definition, target, clause))}`}
                  onClick={() => setOpen(open === index ? undefined : index)}
                >
                  <Sentence words={clauseInWords(definition, target, clause)} />
                </Button>
              ) : (
                <Button
                  variant="default"
                  size="compact-sm"
                  onClick={() => onEdit(putClauses(action, [firstClause(definition)]))}
                >
                  Nobody: add a clause
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
          {clause && open === index && (
            <Table.Tr className="wide">
              <Table.Td colSpan={width}>
                <ClauseEditor
                  definition={definition}
                  target={target}
                  clause={clause}
                  name={`clause ${index + 1} of ${action}`}
                  refused={ofClause(index)}
                  onChange={(next) => onEdit(putClause(action, index, next))}
                  onRemove={() => {
                    setOpen(undefined);
                    onEdit(putClause(action, index, undefined));
                  }}
                  onAdd={() => {
                    setOpen(clauses.length);
                    onEdit(putClauses(action, [...clauses, firstClause(definition)]));
                  }}
                  onClose={() => setOpen(undefined)}
                />
              </Table.Td>
            </Table.Tr>
          )}
        </Fragment>
      ))}
      {(faults.length > 0 || notes.some(({ isExpected }) => !isExpected)) && (
        <Table.Tr className="wide">
          <Table.Td colSpan={width}>
            <Stack gap="xs" align="start">
              <Refusals refused={open === undefined ? faults : faults.filter((each) => !placed.includes(each))} />
              <Findings definition={definition} found={notes} />
            </Stack>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

/** The areas as columns; undefined where they are too many, and one column is for all. */
function columnsOf({ areas }: Definition): readonly (string | undefined)[] {
  const names = Object.keys(areas);
  return names.length > 6 ? [undefined] : names;
}

/** What a clause asks in one area, as a level in its colour. */
function Asked({
  definition,
  clause,
  area,
}: {
  definition: Definition;
  clause: Clause | undefined;
  area: string | undefined;
}) {
  const asked = clause ? partsOf(clause).filter((part) => area === undefined || part.area === area) : [];
  const shown = asked.flatMap((part) =>
    manners.flatMap((manner) => {
      const value: Part["some"] = part[manner];
      return listOf<Alternative>(value).map((each) => ({ manner, each, area: part.area ?? "" }));
    }),
  );
  return (
    <Group gap={4} className="asked">
      {shown.map(({ manner, each, area: asks }, index) => {
        const { level, exactly, flags = [] } = typeof each === "string" ? statesOf(definition, asks, each) : each;
        const marks = manner === "exactly" || exactly !== undefined ? "exactly " : mannerMarks[manner];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: what is asked has no names
          <Fragment key={index}>
            {(index > 0 || marks !== "") && (
              <Text size="xs" c="dimmed">
                {index > 0 && shown[index - 1]?.manner === manner ? "or" : marks}
              </Text>
            )}
            <Level
              policy={definition}
              area={asks}
              level={level ?? exactly ?? flags[0] ?? ""}
              flags={level === undefined && exactly === undefined ? flags.slice(1) : flags}
              size="sm"
            />
          </Fragment>
        );
      })}
    </Group>
  );
}

function statesOf({ areas }: Definition, area: string, name: string): States {
  return Object.hasOwn(areas[area]?.flags ?? {}, name) ? { flags: [name] } : { level: name };
}

function Sentence({ words }: { readonly words: Words }): ReactNode {
  return (
    <span>
      {words.map((piece, index) =>
        typeof piece === "string" ? (
          piece
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence
          <strong key={index}>{title(piece.name)}</strong>
        ),
      )}
    </span>
  );
}

/** What is as it should be of an action, and good to know: shown where somebody asks. */
function Expected({ definition, action, found }: { definition: Definition; action: string; found: readonly Found[] }) {
  const [opened, setOpened] = useState(false);
  const notes = found.filter(({ isExpected }) => isExpected);
  if (notes.length === 0) return null;
  return (
    <Popover opened={opened} onChange={setOpened} width={320} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          fw={400}
          aria-label={`Good to know about ${action}`}
          onClick={() => setOpened(!opened)}
        >
          Good to know
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {notes.map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: findings have no names
            <FindingView key={index} definition={definition} {...each} />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
