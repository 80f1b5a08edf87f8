import { below, type Place, refuse } from "../core/base/faults.js";
import { escapeUnits, showId, showValue } from "../core/base/message.js";
import { isRecord, readRecord, readString } from "../core/base/readers.js";
import type { LabelKind } from "../core/decisions/words.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import type { ActionOf, AreaOf, FlagOf, LevelOf, Policy, RelationOf, RoleOf } from "../core/types/index.js";

/**
 * Labels by id: an object, whose own keys count, or a function. An id without a label is shown itself.
 *
 * @example
 * ```ts
 * import type { LabelsOf } from "channel-grants/words";
 *
 * const names = new Map([["fb", "Facebook – Acme"]]);
 * const connections: LabelsOf<string> = (id) => names.get(id);
 * const levels: LabelsOf<"view-only" | "full-access"> = { "full-access": "Full access" };
 * [connections, levels].length; // 2
 * ```
 */
export type LabelsOf<Id extends string, Of extends readonly string[] = readonly []> =
  | { readonly [Known in Id]?: string | null | undefined }
  | ((id: Id, ...of: Of) => string | null | undefined);

/**
 * What an application calls things. Labels are shown as they are, but on one line and without unseen characters.
 *
 * @example
 * ```ts
 * import type { Engage } from "channel-grants";
 * import type { Labels } from "channel-grants/words";
 *
 * const labels: Labels<Engage> = {
 *   actions: { "publish.post-now": "publish this now" },
 *   levels: (level, area) => (area === "analytics" && level === "full-access" ? "On" : undefined),
 * };
 * Object.keys(labels); // ["actions", "levels"]
 * ```
 */
export interface Labels<P extends Policy = Policy> {
  readonly actions?: LabelsOf<ActionOf<P>> | undefined;
  readonly areas?: LabelsOf<AreaOf<P>> | undefined;
  /** A function also gets the area. */
  readonly levels?: LabelsOf<LevelOf<P>, readonly [area: AreaOf<P>]> | undefined;
  /** A function also gets the area. */
  readonly flags?: LabelsOf<FlagOf<P>, readonly [area: AreaOf<P>]> | undefined;
  readonly roles?: LabelsOf<RoleOf<P>> | undefined;
  readonly relations?: LabelsOf<RelationOf<P>> | undefined;
  readonly users?: LabelsOf<string> | undefined;
  readonly connections?: LabelsOf<string> | undefined;
}

/** Reads labels of everything, and returns what calls something by its label, or by its id if it has none. */
export function readLabels(
  fields: ReadonlyMap<string, unknown>,
  place: Place,
  { areas, actions, roles, relations }: CompiledPolicy,
): (kind: LabelKind, id: string, area?: string) => string {
  const known: Readonly<Record<LabelKind, readonly string[] | undefined>> = {
    actions: [...actions.keys()],
    areas: areas.map(({ name }) => name),
    levels: areas.flatMap(({ levels }) => levels),
    flags: areas.flatMap(({ flags }) => [...flags.keys()]),
    roles: [...roles.keys()],
    relations,
    users: undefined,
    connections: undefined,
  };
  const labels = new Map(
    labelKinds.map((kind) => [kind, labelsAt(fields.get(kind), below(place, kind), known[kind])] as const),
  );
  return (kind, id, area) => {
    const label = (labels.get(kind) as LabelReader)(id, area);
    return (label && showLabel(label.trim())) || showId(id);
  };
}

/** What may have labels. */
export const labelKinds: readonly LabelKind[] = [
  ...(["actions", "areas", "levels", "flags"] as const),
  ...(["roles", "relations", "users", "connections"] as const),
];

type LabelReader = (id: string, area?: string) => string | undefined;

function labelsAt(source: unknown, place: Place, known: readonly string[] | undefined): LabelReader {
  if (source === undefined) return () => undefined;
  if (typeof source === "function") {
    return (id, ...of) => readLabel(source(id, ...of), below(place, id));
  }
  if (!isRecord(source)) refuse(place, `${showValue(source)} has no labels; expected a plain object or a function`);
  const labels = readRecord(source, place, known);
  const read = new Map([...labels].map(([id, label]) => [id, readLabel(label, below(place, id))]));
  return (id) => read.get(id);
}

function readLabel(label: unknown, place: Place): string | undefined {
  return label === undefined || label === null ? undefined : readString(label, place);
}

/**
 * Writes a label on one line, and without what a reader cannot see. Spaces of every width stay, and so do joiners and
 * selectors after a character that they may belong to: emoji and many scripts need them.
 */
function showLabel(label: string): string {
  return label.replace(
    /(?<![\p{L}\p{M}\p{Emoji}])(?:\u200c|\u200d|\ufe0e|\ufe0f)|(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{DI}\u2800]/gu,
    escapeUnits,
  );
}
