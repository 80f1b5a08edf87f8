import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { quoted } from "./wording.js";

export interface ChooseProps {
  readonly label: string;
  readonly value: string;
  readonly ids: readonly string[];
  readonly onChoose: (id: string) => void;
}

/** A drop-down of users or connections. */
export function Choose({ label, value, ids, onChoose }: ChooseProps): ReactNode {
  return (
    <NativeSelect
      label={label}
      value={value}
      data={ids.map((id) => ({ value: id, label: quoted(id) }))}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  );
}
