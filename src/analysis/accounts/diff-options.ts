import { readSubmission } from "../../approval/machine/read-submission.js";
import type { Submission } from "../../approval/machine/submission.js";
import { at, below, type Place, refuse } from "../../core/base/faults.js";
import { showValue } from "../../core/base/message.js";
import { readList, readName, readQuestion, readRecord, readStrings } from "../../core/base/readers.js";
import { actionOf, approvalOf, approveActionOf, type CompiledPolicy } from "../../core/engine/compiled-policy.js";
import type { Role } from "../../core/engine/rule.js";
import { type RelatedUsers, readRelations, relationsInGroups } from "../../core/targets/relations.js";
import type { ApprovalDefinition } from "../../core/types/index.js";

/** The actions that somebody must be able to do on every connection. */
export interface Watched {
  readonly approve: string | undefined;
  readonly post: string | undefined;
}

/** A post group with who is in each relation to the post, and those relations as they were given. */
export interface AskedGroup {
  readonly connections: readonly string[];
  readonly users: RelatedUsers;
  readonly relations?: Readonly<Record<string, readonly string[]>>;
}

/** The checked options of a diff. */
export interface CheckedOptions {
  readonly groups: readonly AskedGroup[];
  readonly submissions: readonly Submission[];
  readonly watched: Watched;
}

/** Reads the options of a diff. */
export function readOptions(engine: CompiledPolicy, source: unknown): CheckedOptions {
  const place = at("wrong-target");
  const fields = readQuestion(source, place, ["groups", "submissions", "approve", "post"]);
  const list = <Item>(key: string, each: Place, read: (value: unknown, place: Place) => Item): readonly Item[] =>
    fields.has(key) ? readList(fields.get(key), below(each, key), read) : [];
  const anyRole = engine.roles.values().next().value as Role;
  const related = relationsInGroups({ engine, role: anyRole });
  const groups = list("groups", place, (group, each): AskedGroup => {
    const connections = readStrings(readRecord(group, each).get("connections"), below(each, "connections"));
    const users = readRelations(group, related, "diffMatrices");
    return { connections, users, ...(related.length > 0 && { relations: Object.fromEntries(users) }) };
  });
  const submissions = list("submissions", at("invalid-submission"), (submission, each) =>
    readSubmission(approvalOf(engine), submission, each),
  );
  return { groups, submissions, watched: readWatched(engine, fields) };
}

/** Returns the two actions of the approval flow. If each step has its own approving action, the last one counts. */
function ofFlow(approval: ApprovalDefinition): Record<"approve" | "post", string> {
  return { approve: approveActionOf(approval, approval.steps), post: approval.release };
}

/** Reads the actions that somebody must be able to do, by default those of the approval flow. */
export function readWatched(engine: CompiledPolicy, fields: ReadonlyMap<string, unknown>): Watched {
  const watch = (key: "approve" | "post") => {
    if (!fields.has(key)) return engine.approval && ofFlow(engine.approval)[key];
    const action = readName(fields.get(key), at("unknown-action", key), engine.actions);
    if (actionOf(engine, action).target !== "none") return action;
    return refuse(
      at("wrong-target", key),
      `${showValue(action)} has no target; expected an action on a connection or a group`,
    );
  };
  return { approve: watch("approve"), post: watch("post") };
}
