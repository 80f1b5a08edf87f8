import type { Dispatch } from "react";
import type { Case, Choice } from "./case.js";
import type { Action } from "./state.js";

/** The properties of every page. */
export interface PageProps {
  readonly it: Case;
  readonly choice: Choice;
  readonly dispatch: Dispatch<Action>;
}
