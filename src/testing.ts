export { expectGate, type Gate } from "./gate.js";
export { type GrantMatchers, matchers } from "./matchers.js";
export { type Person, person } from "./person.js";
export { type Question, questionsOf } from "./questions.js";
export { decisionTable, type TableSubject } from "./sheet.js";
export { distinctStandings } from "./standings.js";
