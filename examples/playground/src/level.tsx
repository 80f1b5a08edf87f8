import { Badge } from "@mantine/core";
import type { Policy } from "channel-grants";
import type { ReactNode } from "react";
import { title, toneOf } from "./wording.js";

export interface LevelProps {
  readonly policy: Policy;
  readonly area: string;
  readonly level: string;
  readonly flags?: readonly string[];
}

/** Shows a level, in its colour and in words, with the flags beside it. */
export function Level({ policy, area, level, flags = [] }: LevelProps): ReactNode {
  return (
    <Badge className="level" data-tone={toneOf(policy, area, level)} radius="sm" size="lg">
      {[level, ...flags].map(title).join(" + ")}
    </Badge>
  );
}

/** Gives the flags that a grant carries in an area. */
export function flagsIn(policy: Policy, area: string, grant: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(policy.areas[area]?.flags ?? {}).filter((flag) => grant[flag] === true);
}
