import { Alert, Badge, Group, Paper, Stack, Text } from "@mantine/core";
import type { Witness } from "channel-grants/analysis";
import type { ReactNode } from "react";
import { flagsIn, Level } from "../level.js";
import { grantInWords, type Ladders, listed, title } from "../wording.js";
import type { Found, Refused } from "./findings.js";

/** Says what a definition is refused for, at the place that it is about. */
export function Refusals({ refused }: { readonly refused: readonly Refused[] }): ReactNode {
  if (refused.length === 0) return null;
  return (
    <Stack gap={2} className="break">
      {refused.map(({ path, message }) => (
        <Text key={`${path.join(".")} ${message}`} size="xs" c="var(--mantine-color-error)">
          {message}
        </Text>
      ))}
    </Stack>
  );
}

export interface FindingsProps {
  readonly definition: Ladders;
  readonly found: readonly Found[];
}

/** Says what was found about an action or an area, each with the connections that it is about. */
export function Findings({ definition, found }: FindingsProps): ReactNode {
  const shown = found.filter(({ isExpected }) => !isExpected);
  if (shown.length === 0) return null;
  return (
    <Stack gap="xs">
      {shown.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings have no names
        <FindingView key={index} definition={definition} {...each} />
      ))}
    </Stack>
  );
}

export function FindingView({ definition, check, finding, isExpected }: Found & Pick<FindingsProps, "definition">) {
  const { names, witness, raised, onGroup, roles } = finding;
  const text = () => {
    if (names) {
      return names.length > 1
        ? `${listed(names.map(title))} mean the same: no action tells them apart.`
        : `${listed(names.map(title))} makes no difference to any action.`;
    }
    if (check === "default-deny") return `${listed((roles ?? []).map(title))} may do this without any grant.`;
    if (check === "nobody") return "Nobody can ever do this.";
    if (check === "everybody") return "Everybody can always do this.";
    if (raised) {
      const where = raised.connection === undefined ? "in the account" : `on ${raised.connection}`;
      return `This user may, and no longer may once raised to ${grantInWords(definition, raised.to)} ${where}.`;
    }
    if (onGroup === "denied")
      return "This user may do it on each of these connections alone, and not on a post to all.";
    return "This user may do it on a post to all of these connections, and not on each of them alone.";
  };
  return (
    <Alert color={isExpected ? "gray" : "yellow"} variant="light" p="xs">
      <Stack gap="xs">
        <Text size="sm">{text()}</Text>
        {witness && <WitnessView definition={definition} witness={witness} />}
      </Stack>
    </Alert>
  );
}

export interface WitnessViewProps {
  readonly definition: Ladders;
  readonly witness: Witness;
}

/** Shows a case that proves something: a user, and the connections of a post, each with what is held there. */
export function WitnessView({ definition, witness }: WitnessViewProps): ReactNode {
  const { user, connections, relations = {} } = witness;
  const grants = new Map(Object.entries(user.grants ?? {}));
  const is = Object.keys(relations).filter((relation) => relations[relation] !== null);
  const others = [...new Set([...grants.keys(), ...(user.connections ?? [])])].filter(
    (id) => !connections.includes(id),
  );
  return (
    <Group gap="xs" align="stretch" role="group" aria-label="The smallest case">
      <Place name={[user.role, ...is].map(title).join(", ")} definition={definition} grant={user.account}>
        {user.account === undefined ? "role" : "in the account"}
      </Place>
      {connections.map((id) => (
        <Place key={id} name={id} definition={definition} grant={grants.get(id) ?? {}} />
      ))}
      {others.map((id) => (
        <Place key={id} name={`${id}, not in the post`} definition={definition} grant={grants.get(id) ?? {}} />
      ))}
    </Group>
  );
}

interface PlaceProps {
  readonly definition: Ladders;
  readonly name: string;
  readonly grant: Readonly<Record<string, unknown>> | undefined;
  readonly children?: ReactNode;
}

function Place({ definition, name, grant, children }: PlaceProps): ReactNode {
  const held = Object.keys(definition.areas).filter((area) => typeof grant?.[area] === "string");
  return (
    <Paper withBorder px="xs" py={6} className="break">
      <Stack gap={4} align="start">
        <Text size="xs" fw={600}>
          {name}
        </Text>
        {held.map((area) => (
          <Group key={area} gap={6}>
            <Text size="xs">{title(area)}</Text>
            <Level
              policy={definition}
              area={area}
              level={String(grant?.[area])}
              flags={flagsIn(definition, area, grant ?? {})}
              size="sm"
            />
          </Group>
        ))}
        {held.length === 0 &&
          (children ? (
            <Text size="xs">{children}</Text>
          ) : (
            <Badge variant="default" size="sm" tt="none">
              nothing held
            </Badge>
          ))}
      </Stack>
    </Paper>
  );
}
