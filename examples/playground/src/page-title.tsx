import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

export function PageTitle({ title, says }: { readonly title: string; readonly says: string }): ReactNode {
  return (
    <div>
      <Title order={2} size="h3">
        {title}
      </Title>
      <Text c="dimmed" size="sm">
        {says}
      </Text>
    </div>
  );
}
