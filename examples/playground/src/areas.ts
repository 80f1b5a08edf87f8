import type { Policy } from "channel-grants";

/** Where areas are held: on each connection, or once for the whole account. */
export type Half = "connection" | "account";

export function areasOf({ areas }: Policy, half: Half): readonly string[] {
  return Object.keys(areas).filter((area) => (areas[area]?.of === "account") === (half === "account"));
}

/** Gives the keys of a grant in an area: the area itself, and its flags. */
export function keysOf({ areas }: Policy, area: string): readonly string[] {
  return [area, ...Object.keys(areas[area]?.flags ?? {})];
}

/** Tells whether a role fixes what its users hold there. */
export function isFixed(policy: Policy, role: string, half: Half): boolean {
  const holds = policy.roles[role]?.holds;
  if (holds === undefined) return false;
  const isNamed = (part: Half) =>
    areasOf(policy, part).some((area) => keysOf(policy, area).some((key) => Object.hasOwn(holds, key)));
  // A role that names nothing holds nothing on every connection.
  return isNamed(half) || (half === "connection" && !isNamed("account"));
}
