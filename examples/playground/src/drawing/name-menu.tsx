import { Button, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import {
  createContext,
  type FormEvent,
  type ReactNode,
  type RefObject,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import { listed, quoted, title } from "../wording.js";
import { type Clause, type Definition, listOf } from "./definition.js";
import { add, type Edit, move, type Named, nameFault, namesOf, remove, rename } from "./edits.js";

export interface NameMenuProps {
  readonly definition: Definition;
  readonly named: Named;
  readonly onEdit: (edit: Edit) => void;
  /** Where it can be moved to, in words: towards the start and the end of its list. */
  readonly ways?: readonly [string, string];
  /** Whether it can neither be moved nor be removed. */
  readonly isKept?: boolean;
  readonly hasFault?: boolean;
  readonly size?: "compact-sm" | "compact-xs";
  /** What else there is to say about it. */
  readonly children?: ReactNode;
}

/** A name that opens what can be done with it: another name, another place, away with it. */
export function NameMenu(props: NameMenuProps): ReactNode {
  const { named, hasFault = false, size = "compact-sm" } = props;
  const [opened, setOpened] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const next = useContext(NextFocus);
  useEffect(() => {
    if (next.current === keyOf(named)) {
      next.current = undefined;
      button.current?.focus();
    }
  });
  return (
    <Popover opened={opened} onChange={setOpened} width={300} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          ref={button}
          variant="light"
          color={hasFault ? "red" : named.kind === "flag" ? "gray" : "indigo"}
          size={size}
          className="name"
          aria-label={`${title(named.name)}: edit this ${named.kind}`}
          onClick={() => setOpened((was) => !was)}
        >
          {title(named.name)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{opened && <NameForm {...props} onDone={() => setOpened(false)} />}</Popover.Dropdown>
    </Popover>
  );
}

/** The name that is to have the focus: one that was renamed is drawn anew, and one that was removed is gone. */
export const NextFocus = createContext<RefObject<string | undefined>>({ current: undefined });

function keyOf({ kind, name, area = "" }: Named): string {
  return JSON.stringify([kind, area, name]);
}

function NameForm(props: NameMenuProps & { readonly onDone: () => void }): ReactNode {
  const { definition, named, onEdit, onDone, ways = ["Move up", "Move down"], isKept = false, children } = props;
  const { kind, name, area } = named;
  const next = useContext(NextFocus);
  const [typed, setTyped] = useState(name);
  const fault = nameFault(definition, kind, typed.trim(), name);
  const names = namesOf(definition, kind, area);
  const at = names.indexOf(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fault !== undefined) return;
    onDone();
    if (typed.trim() === name) return;
    next.current = keyOf({ ...named, name: typed.trim() });
    onEdit(rename(named, typed.trim()));
  };
  // The lowest level stays where it is.
  const first = kind === "level" ? 1 : 0;
  return (
    <Stack gap="sm">
      <form onSubmit={submit}>
        <Group gap="xs" align="start" wrap="nowrap">
          <TextInput
            flex={1}
            label={`Name of this ${kind}`}
            value={typed}
            error={fault}
            data-autofocus
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" mt={25}>
            Rename
          </Button>
        </Group>
      </form>
      {children}
      {!isKept && (
        <>
          <Group gap="xs" grow>
            <Button variant="default" size="xs" disabled={at <= first} onClick={() => onEdit(move(named, -1))}>
              {ways[0]}
            </Button>
            <Button
              variant="default"
              size="xs"
              disabled={at === names.length - 1}
              onClick={() => onEdit(move(named, 1))}
            >
              {ways[1]}
            </Button>
          </Group>
          <Button
            variant="default"
            size="xs"
            color="red"
            onClick={() => {
              onDone();
              const neighbour = names[at + 1] ?? names[at - 1];
              if (neighbour !== undefined) next.current = keyOf({ ...named, name: neighbour });
              onEdit(remove(named));
            }}
          >
            Remove {quoted(name)}
          </Button>
          <Text size="xs" c="dimmed" className="break">
            {alsoGone(definition, named)}
          </Text>
        </>
      )}
    </Stack>
  );
}

/** Says what goes with a name that is removed. */
function alsoGone(definition: Definition, named: Named): string {
  const after = remove(named)(definition);
  const gone = Object.keys(definition.actions).filter(
    (action) => !Object.hasOwn(after.actions, action) && (named.kind !== "action" || action !== named.name),
  );
  const shown = gone.length > 4 ? [...gone.slice(0, 3), `${gone.length - 3} more actions`] : gone;
  const sections = definition.approval && !after.approval ? ["the approval section"] : [];
  const what = listed([...shown, ...sections]);
  const excluding = named.kind === "relation" ? actionsExcluding(after, definition, named.name) : [];
  const more = excluding.length > 0 ? ` It excludes nobody any more from ${listed(excluding)}.` : "";
  return `${what === "" ? "Nothing else goes with it." : `With it goes: ${what}.`}${more} You can undo it.`;
}

/** Lists the actions that are left, and that nobody in a relation may do before it is removed. */
function actionsExcluding(after: Definition, { actions }: Definition, relation: string): readonly string[] {
  return Object.keys(after.actions).filter((action) =>
    listOf<Clause>(actions[action]?.allow).some(({ isNot }) => listOf(isNot).includes(relation)),
  );
}

export interface AddNameProps extends Pick<NameMenuProps, "definition" | "onEdit"> {
  readonly kind: Named["kind"];
  readonly area?: string;
}

/** A field for the name of something new. */
export function AddName({ definition, kind, area, onEdit }: AddNameProps): ReactNode {
  const [typed, setTyped] = useState("");
  const name = typed.trim();
  const fault = name === "" ? undefined : nameFault(definition, kind, name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name === "" || fault !== undefined) return;
    onEdit(add(area === undefined ? { kind, name } : { kind, name, area }));
    setTyped("");
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="start" wrap="nowrap">
        <TextInput
          flex={1}
          maw={220}
          size="xs"
          aria-label={`New ${kind}`}
          placeholder={`New ${kind}`}
          value={typed}
          error={fault}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" size="xs">
          Add {kind}
        </Button>
      </Group>
    </form>
  );
}
