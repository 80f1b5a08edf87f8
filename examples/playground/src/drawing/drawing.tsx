import { Alert, Fieldset, Paper, Stack, TextInput, Title } from "@mantine/core";
import { type ReactNode, useRef } from "react";
import { Actions } from "./actions.js";
import { ApprovalSection } from "./approval.js";
import { Ladder } from "./ladder.js";
import { NextFocus } from "./name-menu.js";
import type { DrawingProps } from "./props.js";
import { Relations, Roles } from "./roles.js";

/** A policy as a drawing; while its text is broken it shows the last one that was whole, and takes no changes. */
export function Drawing(props: DrawingProps & { readonly isHeld: boolean }): ReactNode {
  const { definition, onEdit, isHeld } = props;
  const nextFocus = useRef<string>(undefined);
  const sections = [
    ["Areas and levels", <Ladder key="ladder" {...props} />],
    ["Roles", <Roles key="roles" {...props} />],
    ["Relations to a post", <Relations key="relations" {...props} />],
    ["Actions", <Actions key="actions" {...props} />],
    ["Approval", <ApprovalSection key="approval" {...props} />],
  ] as const;
  return (
    <NextFocus value={nextFocus}>
      <Fieldset variant="unstyled" disabled={isHeld} aria-label="Drawing">
        <Stack gap="md">
          {isHeld && (
            <Alert color="yellow">
              The text cannot be drawn now. The drawing shows how it was before; mend the text, or undo.
            </Alert>
          )}
          <TextInput
            label="Name of the policy"
            maw={320}
            value={definition.name}
            onChange={({ currentTarget: { value } }) => onEdit((it) => ({ ...it, name: value }))}
          />
          {sections.map(([heading, section]) => (
            <Paper key={heading} withBorder p="sm" component="section" aria-label={heading}>
              <Stack gap="sm">
                <Title order={3} size="h5">
                  {heading}
                </Title>
                {section}
              </Stack>
            </Paper>
          ))}
        </Stack>
      </Fieldset>
    </NextFocus>
  );
}
