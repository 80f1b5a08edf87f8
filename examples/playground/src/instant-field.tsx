import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { fieldOf, instantOf, latest } from "./instants.js";

export interface InstantFieldProps {
  readonly label: string;
  readonly value: string | undefined;
  /** Is called with nothing if the field is empty, or not filled in yet. */
  readonly onChange: (instant: string | undefined) => void;
}

/** A field for an instant: in UTC, so that a link says the same everywhere. */
export function InstantField({ label, value, onChange }: InstantFieldProps): ReactNode {
  return (
    <TextInput
      type="datetime-local"
      label={`${label} (UTC)`}
      max={latest}
      value={fieldOf(value)}
      onChange={(event) => onChange(instantOf(event.currentTarget.value))}
    />
  );
}
