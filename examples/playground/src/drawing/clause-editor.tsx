import { Button, Group, MultiSelect, NativeSelect, Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { title } from "../wording.js";
import {
  choosableIn,
  inManner,
  keysOfPattern,
  mannersFor,
  mannersOf,
  newPart,
  patternOf,
  withPart,
  withParts,
} from "./clauses.js";
import { type Clause, compact, type Definition, listOf, oneOrMore, type Part, partsOf } from "./definition.js";
import type { Refused } from "./findings.js";
import { Refusals } from "./notes.js";
import { alternativeInWords, type Manner, plain, subjectOf } from "./sentences.js";

export interface ClauseEditorProps {
  readonly definition: Definition;
  readonly target: string;
  readonly clause: Clause;
  /** What screen readers call it. */
  readonly name: string;
  readonly refused: readonly Refused[];
  readonly onChange: (clause: Clause) => void;
  readonly onRemove: () => void;
  readonly onAdd: () => void;
  readonly onClose: () => void;
}

/** A clause as a sentence with fields: for whom it is, and what it asks of each area. */
export function ClauseEditor(props: ClauseEditorProps): ReactNode {
  const { definition, target, clause, name, refused, onChange, onRemove, onAdd, onClose } = props;
  const parts = partsOf(clause);
  const areas = Object.keys(definition.areas);
  const who = (key: "role" | "is" | "isNot", label: string, names: readonly string[]) => {
    const all = [...new Set([...names, ...listOf(clause[key])])];
    return all.length === 0 ? null : (
      <MultiSelect
        label={label}
        aria-label={`${label}, ${name}`}
        placeholder={listOf(clause[key]).length === 0 ? (key === "role" ? "Any role" : "Does not matter") : ""}
        miw={180}
        searchable
        styles={slim}
        flex={1}
        value={[...listOf(clause[key])]}
        data={all.map((value) => ({ value, label: title(value) }))}
        error={messageAt(refused, key)}
        onChange={(value) => onChange(compact<Clause>({ ...clause, [key]: oneOrMore(value) }))}
      />
    );
  };
  const free = areas.find((area) => parts.every((part) => part.area !== area)) ?? areas[0];
  return (
    <Paper withBorder p="sm" role="group" aria-label={`Edit ${name}`}>
      <Stack gap="sm">
        <Group gap="sm" align="start">
          {who("role", "Role", Object.keys(definition.roles))}
          {(target === "group" || clause.is !== undefined) && who("is", "Who is", definition.relations ?? [])}
          {(target === "group" || clause.isNot !== undefined) && who("isNot", "Who is not", definition.relations ?? [])}
        </Group>
        {parts.map((part, index) => (
          <PartFields
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names
            key={index}
            {...props}
            part={part}
            index={index}
            isOnly={parts.length === 1}
          />
        ))}
        <Refusals refused={refused.filter(({ path }) => !shownAtFields.includes(String(path.at(-1))))} />
        <Group gap="xs">
          {free !== undefined && (
            <Button
              variant="default"
              size="xs"
              onClick={() => onChange(withParts(clause, [...parts, newPart(definition, free)]))}
            >
              {parts.length === 0 ? "Ask an area" : "And another area"}
            </Button>
          )}
          <Button variant="default" size="xs" onClick={onAdd}>
            Or another clause
          </Button>
          <Button variant="default" size="xs" onClick={onRemove}>
            Remove this clause
          </Button>
          <Button size="xs" onClick={onClose}>
            Done
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

const shownAtFields = ["role", "is", "isNot", "area", "level", "exactly"];

interface PartFieldsProps extends ClauseEditorProps {
  readonly part: Part;
  readonly index: number;
  readonly isOnly: boolean;
}

function PartFields({ definition, target, clause, name, refused, part, index, isOnly, onChange }: PartFieldsProps) {
  const { area = "" } = part;
  const all = [...new Set([...Object.keys(definition.areas), area])];
  const used = mannersOf(part);
  const put = (next: Part) => onChange(withPart(clause, index, next));
  const here = clause.and ? refused.filter(({ path }) => path.includes("and") && path.includes(index)) : refused;
  const inWords = (manner: Manner) => {
    const subject = subjectOf(definition, target, area, manner);
    return `${subject} ${manner === "exactly" ? "is exactly at" : manner === "level" ? "is at least at" : "is"}`;
  };
  const label = (what: string) => `${what}${isOnly ? "" : ` ${index + 1}`}, ${name}`;
  return (
    <Stack gap="xs">
      {index > 0 && (
        <Text size="sm" c="dimmed">
          and
        </Text>
      )}
      <Group gap="xs" align="start">
        <NativeSelect
          label="In the area"
          aria-label={label("Area")}
          value={area}
          data={all.map((value) => ({ value, label: title(value) }))}
          error={messageAt(here, "area")}
          onChange={({ currentTarget: { value } }) => put(newPart(definition, value))}
        />
        <Stack gap="xs" flex={1} miw={220}>
          {used.map((manner, place) => (
            <Group key={manner} gap="xs" align="start">
              <NativeSelect
                label={place === 0 ? "it holds if" : "and if"}
                aria-label={label(place === 0 ? "Asks" : "Also asks")}
                value={manner}
                data={mannersFor(definition, target, part, manner).map((value) => ({ value, label: inWords(value) }))}
                onChange={({ currentTarget: { value } }) => put(inManner(definition, part, manner, value as Manner))}
              />
              {manner === "level" || manner === "exactly" ? (
                <NativeSelect
                  label="Level"
                  aria-label={label("Level")}
                  value={part[manner] ?? ""}
                  data={levelsOf(definition, area, part[manner]).map((value) => ({ value, label: title(value) }))}
                  error={messageAt(here, manner)}
                  onChange={({ currentTarget: { value } }) => put({ ...part, [manner]: value })}
                />
              ) : (
                <PatternField
                  definition={definition}
                  part={part}
                  manner={manner}
                  label={label("Any one of")}
                  error={here.find(({ path }) => path.includes(manner))?.message}
                  onChange={put}
                />
              )}
            </Group>
          ))}
        </Stack>
      </Group>
      <Group gap="xs">
        {!used.includes("every") && target !== "none" && (
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => put({ ...part, every: definition.areas[area]?.levels.at(-1) ?? "" })}
          >
            Also ask every connection
          </Button>
        )}
        {used.length > 1 && (
          <Button variant="subtle" size="compact-xs" onClick={() => put(compact<Part>({ ...part, every: undefined }))}>
            Ask every connection no more
          </Button>
        )}
        {(!isOnly || clause.role !== undefined || clause.is !== undefined) && (
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => onChange(withParts(clause, partsOf(clause).toSpliced(index, 1)))}
          >
            Ask {title(area)} no more
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface PatternFieldProps {
  readonly definition: Definition;
  readonly part: Part;
  readonly manner: "some" | "every";
  readonly label: string;
  readonly error: string | undefined;
  readonly onChange: (part: Part) => void;
}

/** The ways in which a connection can fit: any one of them will do. */
function PatternField({ definition, part, manner, label, error, onChange }: PatternFieldProps): ReactNode {
  const { area: name = "" } = part;
  const area = definition.areas[name];
  const pattern = part[manner];
  const options = choosableIn(area, pattern);
  const groups = ["level", "flag", "exactly", "level with flag", "as written"] as const;
  return (
    <MultiSelect
      label="Any one of"
      aria-label={label}
      flex={1}
      miw={200}
      searchable
      styles={slim}
      value={[...keysOfPattern(area, pattern)]}
      data={groups.flatMap((group) => {
        const items = options
          .filter((each) => each.group === group)
          .map(({ key, alternative }) => ({
            value: key,
            label: plain(alternativeInWords(definition, name, alternative)),
          }));
        return items.length > 0 ? [{ group: groupTitles[group], items }] : [];
      })}
      error={error}
      onChange={(keys) => {
        const next = patternOf(area, pattern, keys);
        // A pattern of nothing is none: the last one stays.
        if (next !== undefined) onChange({ ...part, [manner]: next });
      }}
    />
  );
}

/** The field to search in asks for no line of its own. */
const slim = { inputField: { minWidth: 40 } };

const groupTitles = {
  level: "A level or higher",
  flag: "A flag",
  exactly: "One level exactly",
  "level with flag": "A level with a flag",
  "as written": "As written",
} as const;

function levelsOf({ areas }: Definition, area: string, held: string | undefined): readonly string[] {
  const levels = areas[area]?.levels.slice(1) ?? [];
  return held === undefined || levels.includes(held) ? levels : [held, ...levels];
}

function messageAt(refused: readonly Refused[], key: string): string | undefined {
  return refused.find(({ path }) => path.at(-1) === key)?.message;
}
