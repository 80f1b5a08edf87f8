import { below, refuse } from "../core/base/faults.js";
import { showId } from "../core/base/message.js";
import type { PolicyError } from "../core/base/policy-error.js";
import { readList, readName, readRecord } from "../core/base/readers.js";
import { decisionOn } from "../core/decisions/explain.js";
import { formatDecision } from "../core/decisions/format-decision.js";
import type { Lookup } from "./lookup.js";
import {
  inRequest,
  type Members,
  type Question,
  readAction,
  readEntity,
  readOptional,
  readQuestionIn,
} from "./read-request.js";

/** A decision of the standard. */
export type Answer =
  | { readonly decision: true }
  | { readonly decision: false; readonly context: Readonly<Record<string, unknown>> };

/** Answers a request whose members were read. */
export type Ask<Answered = object> = (lookup: Lookup) => Promise<Answered>;

/** Reads a request for one decision. */
export function readEvaluation(members: Members, place = inRequest): Ask<Answer> {
  const question = readQuestionIn(members, place);
  return (lookup) => decide(question, lookup);
}

/** The semantics of several evaluations, each with the decision after which no further one is made. */
const semantics = /* @__PURE__ */ new Map<string, boolean | undefined>([
  ["execute_all", undefined],
  ["deny_on_first_deny", false],
  ["permit_on_first_permit", true],
]);

/** Reads a request for several decisions, of which each takes from the whole request what it does not name itself. */
export function readEvaluations(members: Members, most: number): Ask {
  const evaluations = members.has("evaluations")
    ? readList(members.get("evaluations"), below(inRequest, "evaluations"), (item) => item)
    : [];
  const last = readLast(members);
  if (evaluations.length === 0) return readEvaluation(members);
  if (evaluations.length > most) {
    refuse(inRequest, `${evaluations.length} evaluations; expected at most ${most}`, "evaluations");
  }
  checkDefaults(members);
  const defaults = [...members].filter(([name]) => ["subject", "action", "resource", "context"].includes(name));
  const asks = evaluations.map((item, index) => readItem(defaults, item, index));
  return async (lookup) => {
    const answers: Answer[] = [];
    for (const ask of asks) {
      const answer = await ask(lookup);
      answers.push(answer);
      if (answer.decision === last) break;
    }
    return { evaluations: answers };
  };
}

/** Reads the decision after which no further one is made. */
function readLast(members: Members): boolean | undefined {
  const options = readOptional(members, inRequest, "options");
  if (!options?.has("evaluations_semantic")) return undefined;
  const place = below(inRequest, "options", "evaluations_semantic");
  return semantics.get(readName(options.get("evaluations_semantic"), place, semantics));
}

function checkDefaults(members: Members): void {
  if (members.has("subject")) readEntity(members, inRequest, "subject");
  if (members.has("action")) readAction(members, inRequest);
  if (members.has("resource")) readEntity(members, inRequest, "resource");
  readOptional(members, inRequest, "context");
}

/** Reads one of several evaluations. What is wrong with it alone is a no. */
function readItem(defaults: Iterable<readonly [string, unknown]>, item: unknown, index: number): Ask<Answer> {
  const place = below(inRequest, "evaluations", index);
  try {
    return readEvaluation(new Map([...defaults, ...readRecord(item, place)]), place);
  } catch (error) {
    return async () => denied({ error: { status: 400, message: (error as PolicyError).message } });
  }
}

/** Decides one question. */
async function decide({ subject, action, resource }: Question, lookup: Lookup): Promise<Answer> {
  const user = await lookup.userOf(subject);
  if (user === undefined) {
    return denied({ reason: "unknown-subject", message: `there is no ${showId(subject.type)} ${showId(subject.id)}` });
  }
  const found = await lookup.targetOf(action, resource);
  if (found.unknown) return denied(found.unknown);
  const decision = decisionOn(user, action, found.target);
  if (decision.allowed === true) return { decision: true };
  const { allowed: _allowed, action: _action, user: _user, target: _target, ...why } = decision;
  return denied({ ...why, message: formatDecision(decision) });
}

function denied(context: object): Answer {
  return { decision: false, context: { ...context } };
}
