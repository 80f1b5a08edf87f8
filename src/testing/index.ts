export { decisionTable, type TableSubject } from "./decision-table.js";
export { distinctStandings } from "./distinct-standings.js";
export { expectGate, type Gate, type GateResult } from "./expect-gate.js";
export { type GrantMatchers, type MatcherResult, matchers, type PolicyOf } from "./matchers.js";
export { type Person, person } from "./person.js";
export { type Question, questionsOf } from "./questions-of.js";
