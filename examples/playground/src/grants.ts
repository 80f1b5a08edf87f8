import type { Policy } from "channel-grants";
import { createGrantsReact, type GrantsReact } from "channel-grants/react";

const made = new WeakMap<Policy, GrantsReact>();

/** Gives the hooks of a policy, made once: an application has one policy, and this page any. */
export function grantsOf(policy: Policy): GrantsReact {
  const known = made.get(policy) ?? createGrantsReact(policy);
  made.set(policy, known);
  return known;
}
