import { type Place, refuse } from "../base/faults.js";
import { expected, showValue } from "../base/message.js";
import { readBoolean, readField, readList, readName, readRecord } from "../base/readers.js";
import { type AnyAction, relationsOf } from "../engine/rule.js";
import type { ApprovalDefinition } from "../types/index.js";
import type { Parts } from "./read-areas.js";

/** What the approval flow asks the engine for. */
export const rights = ["select", "submit", "edit", "approve", "reject", "release"] as const;

/** Reads how a policy takes part in the approval flow. */
export function readApproval(source: unknown, place: Place, actions: Parts<AnyAction> | undefined): ApprovalDefinition {
  const keys = [...rights, "approvers", "steps", "authorMayApprove", ...approverLimits];
  const approval = readRecord(source, place, keys);
  const part = <Part>(key: string, read: (value: unknown, place: Place) => Part) =>
    [key, readField(approval, place, key, read)] as const;
  const steps = part("steps", readSteps);
  // A limit that is there and undefined is refused: left out it would allow more.
  const limits = approverLimits.filter((key) => Object.hasOwn(source as object, key));
  return Object.fromEntries([
    ...rights.map((right) =>
      part(right, (value, each) =>
        right === "approve" && Array.isArray(value)
          ? readApproveActions(value, each, steps[1], actions)
          : readRight(value, each, right, actions),
      ),
    ),
    part("approvers", (value, each) => readName(value, each, approverKinds)),
    steps,
    part("authorMayApprove", readBoolean),
    ...limits.map((key) => part(key, readBoolean)),
  ]) as unknown as ApprovalDefinition;
}

/** What a policy may say of who approves beyond the right to: each key may be left out. */
export const approverLimits = ["distinctApprovers", "editorMayApprove"] as const;

/** Reads the actions that the steps ask: no more than there may be steps, or one of them is never asked. */
function readApproveActions(
  source: readonly unknown[],
  place: Place,
  steps: number | undefined,
  actions: Parts<AnyAction> | undefined,
): readonly string[] {
  const read = readList(source, place, (value, each) => readRight(value, each, "approve", actions));
  if (source.length === 0) refuse(place, "an empty list of actions; expected at least one, for the first step");
  if (steps !== undefined && source.length > steps) {
    refuse(place, `${source.length} actions for ${steps === 1 ? "1 step" : `${steps} steps`}; expected one a step`);
  }
  return read;
}

/** Who approves. */
export const approverKinds: ReadonlySet<string> = /* @__PURE__ */ new Set(["named", "anyone"]);

/** The one relation to a post that the flow knows. */
export const AUTHOR = "author";

/** A right of the flow is asked about the post group; the choice of connections may be asked about each by itself. */
function readRight(
  source: unknown,
  place: Place,
  right: (typeof rights)[number],
  actions: Parts<AnyAction> | undefined,
) {
  const name = readName(source, place, actions);
  const action = actions?.get(name);
  const target = action?.target;
  const kinds = right === "select" ? ["connection", "group"] : ["group"];
  if (target !== undefined && !kinds.includes(target)) {
    refuse(place, `${showValue(name)} has the target ${showValue(target)}; ${expected(kinds)}`);
  }
  const other = action && relationsOf(action).find((relation) => relation !== AUTHOR);
  if (other !== undefined) {
    refuse(
      place,
      `${showValue(name)} asks for the relation ${showValue(other)}; ${expected([AUTHOR])}, or no relation`,
    );
  }
  return name;
}

function readSteps(source: unknown, place: Place): number {
  if (Number.isSafeInteger(source) && (source as number) >= 1) return source as number;
  return refuse(place, `${showValue(source)} is not accepted; expected a whole number, at least 1`);
}
