import type { Dispatch } from "react";
import type { Case, Choice } from "./case.js";
import type { Sketch } from "./drawing/sketch.js";
import type { Action } from "./state.js";

/** The properties of every page. */
export interface PageProps {
  readonly it: Case;
  readonly choice: Choice;
  /** The policy as it is being drawn. */
  readonly sketch: Sketch;
  readonly dispatch: Dispatch<Action>;
}
