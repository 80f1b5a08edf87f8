import { JsonInput } from "@mantine/core";
import type { ReactNode } from "react";

interface JsonAreaProps {
  readonly label: string;
  readonly value: string;
  readonly maxRows: number;
  readonly invalid?: boolean;
  onChange(text: string): void;
}

/** A box for JSON that grows with it. */
export function JsonArea({ invalid, ...props }: JsonAreaProps): ReactNode {
  return (
    <JsonInput
      {...props}
      error={invalid}
      autosize
      minRows={12}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
    />
  );
}
