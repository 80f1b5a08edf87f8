import type { GrantInput, GrantMatrix, Policy } from "channel-grants";
import type { ApprovalEvent } from "channel-grants/approval";
import { readAddress, type View } from "./address.js";
import { type Case, type Choice, caseOf, settle, type Tab } from "./case.js";
import type { Edit } from "./drawing/edits.js";
import { beginSketch, draw, redo, replace, type Sketch, type as typeIn, undo } from "./drawing/sketch.js";
import { write } from "./drawing/text.js";
import { happen, startDraft } from "./flow.js";
import type { Fault } from "./reading.js";
import { beginnings, starterCase } from "./samples.js";
import { grantInWords, listed, quoted } from "./wording.js";

/** A message on the page. */
export interface Notice {
  readonly text: string;
  readonly faults: readonly Fault[];
}

export interface State {
  readonly tab: Tab;
  readonly choice: Choice;
  readonly cases: Readonly<Record<Choice, Case>>;
  /** What is drawn under each policy and not in use yet. */
  readonly sketches: Readonly<Record<Choice, Sketch>>;
  readonly notice: Notice | undefined;
  /** How many links were followed: what is typed on a page goes with the case that it was typed for. */
  readonly followed: number;
}

/** A grant, or the part of one that is to change. */
export interface Change {
  readonly user: string;
  /** Absent if it is held in the account as a whole. */
  readonly connection?: string | undefined;
  readonly grant: GrantInput;
}

/** What a visitor looks at, and when. */
type Look = Pick<Case, "area" | "connection" | "viewer" | "post" | "standIns" | "now">;

export type Action =
  | { readonly type: "open"; readonly hash: string }
  | { readonly type: "choose"; readonly choice: Choice }
  | { readonly type: "show"; readonly tab: Tab }
  | { readonly type: "look"; readonly at: Partial<Look> }
  | { readonly type: "stage"; readonly change: Change }
  | { readonly type: "assign" }
  | { readonly type: "discard" }
  | { readonly type: "repair"; readonly changes: readonly Change[] }
  | { readonly type: "define"; readonly policy: Policy }
  | { readonly type: "type"; readonly text: string; readonly at: number }
  | { readonly type: "draw"; readonly edit: Edit }
  | { readonly type: "replace"; readonly text: string }
  | { readonly type: "undo" }
  | { readonly type: "redo" }
  | { readonly type: "import"; readonly account: GrantMatrix }
  | { readonly type: "restart" }
  | { readonly type: "draft" }
  | { readonly type: "event"; readonly event: ApprovalEvent }
  | { readonly type: "tell"; readonly text: string }
  | { readonly type: "dismiss" };

export function begin(hash: string): State {
  const sketches = {
    engage: sketchOf(beginnings.engage),
    buffer: sketchOf(beginnings.buffer),
    own: sketchOf(beginnings.own),
  };
  const blank: State = {
    tab: "overview",
    choice: "engage",
    cases: beginnings,
    sketches,
    notice: undefined,
    followed: 0,
  };
  return hash.length > 1 ? open(blank, hash) : blank;
}

export function viewOf({ tab, choice, cases, sketches }: State): View {
  const { text } = sketches[choice];
  const sketch = text === write(cases[choice].policy) ? undefined : text;
  return { tab, choice, shown: cases[choice], sketch };
}

export function reduce(state: State, action: Action): State {
  const it = state.cases[state.choice];
  const tell = (text: string, next: State = state): State => ({ ...next, notice: { text, faults: [] } });
  const put = (next: Case): State => ({ ...state, notice: undefined, cases: { ...state.cases, [state.choice]: next } });
  switch (action.type) {
    case "open":
      return open(state, action.hash);
    case "choose":
      return { ...state, choice: action.choice, notice: undefined };
    case "show":
      return { ...state, tab: action.tab, notice: undefined };
    case "look":
      return put(settle(atInstant({ ...it, ...action.at })));
    case "stage":
      return put({ ...it, staged: changed(it.staged, [action.change]) });
    case "assign":
      return tell("Assigned.", put({ ...it, saved: it.staged }));
    case "discard":
      return tell("The changes were discarded.", put({ ...it, staged: it.saved }));
    case "repair": {
      const saved = changed(it.saved, action.changes);
      const staged = it.staged === it.saved ? saved : changed(it.staged, action.changes);
      const given = action.changes.map(
        ({ user, connection, grant }) =>
          `${quoted(user)} now holds ${grantInWords(it.policy, grant)} ${connection === undefined ? "in the account" : `on ${quoted(connection)}`}`,
      );
      return tell(`Repaired: ${listed(given)}.`, put({ ...it, saved, staged }));
    }
    case "define": {
      const cases = { ...state.cases, own: starterCase(action.policy) };
      // What was drawn goes where it is in use, with what can be undone; where it came from is as it was.
      const from = { [state.choice]: sketchOf(it) };
      const sketches = { ...state.sketches, ...from, own: state.sketches[state.choice] };
      return tell("The policy is in use, with a sample account.", { ...state, choice: "own", cases, sketches });
    }
    case "type":
      return sketched(state, (sketch) => typeIn(sketch, action.text, action.at));
    case "draw":
      return sketched(state, (sketch) => draw(sketch, action.edit));
    case "replace":
      return sketched(state, (sketch) => replace(sketch, action.text));
    case "undo":
      return sketched(state, undo);
    case "redo":
      return sketched(state, redo);
    case "import":
      return tell("The account was imported.", put(caseOf(action.account, it.policy, { area: it.area, now: it.now })));
    case "restart":
      return tell("The account is the sample again.", put(beginningOf(state)));
    case "draft":
      return put(startDraft(it));
    case "event":
      return put(happen(it, action.event));
    case "tell":
      return tell(action.text);
    case "dismiss":
      return { ...state, notice: undefined };
  }
}

/** Looks at the grants at the instant of the case: some may have ended. */
function atInstant(it: Case): Case {
  const saved = it.saved.at(it.now);
  return { ...it, saved, staged: it.staged === it.saved ? saved : it.staged.at(it.now) };
}

function open(state: State, hash: string): State {
  const read = readAddress(hash);
  if (!read.ok) {
    return { ...state, notice: { text: "The link could not be read, so none of it is shown.", faults: read.faults } };
  }
  const { tab, choice, shown, sketch } = read.value;
  const cases = { ...state.cases, [choice]: shown };
  const sketches = { ...state.sketches, [choice]: sketch === undefined ? sketchOf(shown) : beginSketch(sketch) };
  return { tab, choice, cases, sketches, notice: undefined, followed: state.followed + 1 };
}

function sketchOf({ policy }: Case): Sketch {
  return beginSketch(write(policy));
}

function sketched(state: State, change: (sketch: Sketch) => Sketch): State {
  return { ...state, sketches: { ...state.sketches, [state.choice]: change(state.sketches[state.choice]) } };
}

/** Gives the beginning of the chosen policy; a pasted one is not taken away with its account. */
function beginningOf({ choice, cases }: State): Case {
  const { policy } = cases[choice];
  return policy === beginnings[choice].policy ? beginnings[choice] : starterCase(policy);
}

function changed(matrix: GrantMatrix, changes: readonly Change[]): GrantMatrix {
  return changes.reduce((before, { user, connection, grant }) => {
    if (connection === undefined) return before.assignAccount(user, { ...before.accountGrant(user), ...grant });
    return before.assign(user, connection, { ...before.grant(user, connection), ...grant });
  }, matrix);
}
