import {
  Box,
  Button,
  Container,
  Group,
  SegmentedControl,
  Text,
  Title,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import type { ReactNode } from "react";
import { type Choice, choices } from "./case.js";
import { GatedButton } from "./gated-button.js";
import type { PageProps } from "./props.js";
import { choiceTitles } from "./wording.js";

export interface HeaderProps extends Pick<PageProps, "choice" | "dispatch"> {
  /** Whether the address shows what the page shows. */
  readonly isShared: boolean;
}

export function Header({ choice, isShared, dispatch }: HeaderProps): ReactNode {
  const clipboard = useClipboard();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <Box
      component="header"
      bg="var(--mantine-color-default)"
      style={{ borderBottom: "1px solid var(--mantine-color-default-border)" }}
    >
      <Container size="xl" py="sm">
        <Group justify="space-between" gap="sm">
          <div>
            <Title order={1} size="h4">
              channel-grants playground
            </Title>
            <Text size="sm" c="dimmed">
              Who may do what on which connection, and why
            </Text>
          </div>
          <Group gap="xs">
            <SegmentedControl
              aria-label="Policy"
              value={choice}
              onChange={(value) => dispatch({ type: "choose", choice: value as Choice })}
              data={choices.map((value) => ({ value, label: choiceTitles[value] }))}
            />
            <GatedButton
              variant="default"
              reason={isShared ? undefined : "This account is too large for a link. Export it under Data."}
              onPress={() => clipboard.copy(window.location.href)}
            >
              {clipboard.copied ? "Copied" : clipboard.error ? "Not copied" : "Copy link"}
            </GatedButton>
            <Button variant="default" onClick={() => setColorScheme(other)}>
              {other === "dark" ? "Dark" : "Light"} mode
            </Button>
          </Group>
        </Group>
      </Container>
    </Box>
  );
}
