import type { Definition } from "./definition.js";
import type { Edit } from "./edits.js";
import type { FoundByPlace, Refused } from "./findings.js";

/** The properties of every part of the drawing. */
export interface DrawingProps {
  readonly definition: Definition;
  readonly refused: readonly Refused[];
  readonly found: FoundByPlace;
  readonly onEdit: (edit: Edit) => void;
}
