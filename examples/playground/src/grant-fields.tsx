import { NativeSelect, Switch } from "@mantine/core";
import type { GrantInput, Policy } from "channel-grants";
import type { ReactNode } from "react";
import { quoted, title } from "./wording.js";

export interface GrantFieldProps {
  readonly policy: Policy;
  readonly user: string;
  readonly area: string;
  /** What the user holds, in every area. */
  readonly grant: Readonly<Record<string, unknown>>;
  readonly isFixed: boolean;
  readonly onStage: (part: GrantInput) => void;
  /** A label that is seen; otherwise the column says it. */
  readonly label?: string | undefined;
}

/** The drop-down of one area's levels. */
export function LevelField({ policy, user, area, grant, isFixed, onStage, label }: GrantFieldProps): ReactNode {
  const { levels = [], flags = {} } = policy.areas[area] ?? {};
  // A flag does not survive a level that cannot carry it.
  const withoutLost = (next: string) =>
    Object.fromEntries(
      Object.keys(flags)
        .filter((flag) => !flags[flag]?.includes(next))
        .map((flag) => [flag, false]),
    );
  return (
    <NativeSelect
      miw="6.5rem"
      aria-label={`${title(area)} of ${quoted(user)}`}
      label={label}
      value={String(grant[area])}
      disabled={isFixed}
      data={levels.map((value) => ({ value, label: title(value) }))}
      onChange={({ currentTarget: { value } }) => onStage({ [area]: value, ...withoutLost(value) })}
    />
  );
}

/** The switch of a flag, off beside a level that cannot carry it. */
export function FlagField(props: GrantFieldProps & { readonly flag: string }): ReactNode {
  const { policy, user, area, flag, grant, isFixed, onStage, label } = props;
  const mayCarry = policy.areas[area]?.flags?.[flag]?.includes(String(grant[area])) === true;
  return (
    <Switch
      aria-label={`${title(flag)} of ${quoted(user)}`}
      label={label}
      checked={grant[flag] === true}
      disabled={isFixed || !mayCarry}
      onChange={({ currentTarget: { checked } }) => onStage({ [flag]: checked })}
    />
  );
}
