import { Badge } from "@mantine/core";
import type { ReactNode } from "react";
import { type Ladders, title, toneOf } from "./wording.js";

export interface LevelProps {
  readonly policy: Ladders;
  readonly area: string;
  readonly level: string;
  readonly flags?: readonly string[];
  readonly size?: "sm" | "lg";
}

/** Shows a level, in its colour and in words, with the flags beside it. */
export function Level({ policy, area, level, flags = [], size = "lg" }: LevelProps): ReactNode {
  return (
    <Badge className="level" data-tone={toneOf(policy, area, level)} radius="sm" size={size}>
      {[level, ...flags].map(title).join(" + ")}
    </Badge>
  );
}

/** Gives the flags that a grant carries in an area. */
export function flagsIn(policy: Ladders, area: string, grant: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(policy.areas[area]?.flags ?? {}).filter((flag) => grant[flag] === true);
}
