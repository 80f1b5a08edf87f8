import type {
  ApprovalEvent,
  Approval as Given,
  StandIn,
  Step,
  StepInput,
  Submission,
} from "../../src/approval/index.js";
import { type Definition, modelCan, type Person } from "./reference-model.js";

/**
 * The approval flow, written down a second time from its rules: who may do what, in which status, on plain lists. It
 * shares nothing with the library, and says only what comes of an event, or that it is refused.
 */
export interface Organisation {
  readonly definition: Definition & { readonly approval: Approval };
  readonly people: readonly Person[];
  /** The connections of the account, which everybody in it knows. */
  readonly connections: readonly string[];
}

export interface Approval {
  readonly select: string;
  readonly submit: string;
  readonly edit: string;
  readonly approve: string | readonly string[];
  readonly reject: string;
  readonly release: string;
  readonly approvers: string;
  readonly steps: number;
  readonly authorMayApprove: boolean;
  readonly distinctApprovers?: boolean;
  readonly editorMayApprove?: boolean;
}

type Right = "select" | "submit" | "edit" | "approve" | "reject" | "release";

/**
 * Whether somebody is there and has a right to a post: on all of its connections as one group, or each by itself. Whose
 * post it is counts for those whom the policy allows by it, or excludes.
 */
export function modelMay(
  world: Organisation,
  user: string,
  right: Right,
  { connections, author }: Pick<Submission, "connections" | "author">,
  step = 0,
): boolean {
  const { definition } = world;
  const found = world.people.find(({ id }) => id === user);
  if (!found) return false;
  const person = { ...found, connections: [...world.connections] };
  const ofSteps = [definition.approval[right]].flat();
  const action = (ofSteps[step] ?? ofSteps.at(-1)) as string;
  const kind = definition.actions[action]?.target;
  const post = (ids: readonly string[]) => ({ connections: [...ids], author });
  if (right !== "select") return modelCan(definition, person, action, post(connections));
  return connections.every((id) => modelCan(definition, person, action, kind === "group" ? post([id]) : id));
}

export function modelDraft(
  world: Organisation,
  author: string,
  connections: readonly string[],
): Submission | undefined {
  const exists = world.people.some(({ id }) => id === author);
  if (!exists || connections.length === 0 || !modelMay(world, author, "select", { connections, author }))
    return undefined;
  return { connections: [...new Set(connections)], author, status: "draft", steps: [], approvals: [], revision: 0 };
}

/** Who is asked in a step, and how many of them have to approve. */
const whom = (step: StepInput): readonly string[] => ("of" in step ? step.of : step);
const howMany = (step: StepInput): number => ("of" in step ? (step.needs ?? 1) : 1);

/** The approvals of each step, in order: every step has had its number before the next one is asked. */
export function modelRounds({ steps, approvals }: Submission): readonly (readonly Given[])[] {
  if (steps.length === 0) return [approvals];
  const rounds = steps.map((): Given[] => []);
  let current = 0;
  for (const approval of approvals) {
    while (rounds[current]?.length === howMany(steps[current] as Step)) current++;
    rounds[current]?.push(approval);
  }
  return rounds;
}

/** In whose place somebody may act at that moment. */
function standsInFor(standIns: readonly StandIn[], by: string, at: ApprovalEvent["at"]): string[] {
  const time = (instant: string | Date | undefined, otherwise: number) =>
    instant === undefined ? otherwise : new Date(instant).getTime();
  const now = time(at, 0);
  return standIns
    .filter((each) => each.by === by && time(each.from, -Infinity) <= now && now < time(each.until, Infinity))
    .map((each) => each.for);
}

export function modelTransition(
  world: Organisation,
  post: Submission,
  event: ApprovalEvent,
  standIns: readonly StandIn[] = [],
): Submission | undefined {
  const { approvers, steps: most, authorMayApprove, distinctApprovers, editorMayApprove } = world.definition.approval;
  const { author, status, connections, approvals, editors = [] } = post;
  const anyone = approvers === "anyone";
  const by = byWhom(event);
  const may = (user: string, right: Right, step = 0) => modelMay(world, user, right, post, step);
  const isThere = (user: string) => world.people.some(({ id }) => id === user);
  const mayBeAsked = (user: string, step: number) =>
    (user !== author || authorMayApprove) && !editors.includes(user) && may(user, "approve", step);
  const rounds = modelRounds(post);
  const turn = anyone ? 0 : rounds.findIndex((round, step) => round.length < howMany(post.steps[step] ?? []));
  const round = rounds[turn] ?? [];
  const namesIn = (given: readonly Given[]) => given.flatMap((each) => [each.by, each.for ?? each.by]);

  /** As whom somebody is asked now: as themselves, or as those for whom they stand in. */
  const askedAs = (user: string): string[] => {
    if (user === author && !authorMayApprove) return [];
    const asked = whom(post.steps[turn] ?? []);
    if (anyone || asked.includes(user)) return [user];
    return user === author ? [] : asked.filter((each) => standsInFor(standIns, user, event.at).includes(each));
  };
  const mayDecideNow = (user: string) => askedAs(user).length > 0 && may(user, "approve", turn);
  /** The approval that somebody would give: nobody is named twice in a step, or at all where people are different. */
  const approvalOf = (user: string): Given | undefined => {
    const used = [...namesIn(distinctApprovers ? approvals : round), ...editors];
    const as = askedAs(user).find((each) => !used.includes(each));
    if (as === undefined || used.includes(user) || !mayDecideNow(user)) return undefined;
    return as === user ? { by: user } : { by: user, for: as };
  };
  const mayAsk = (steps: readonly StepInput[], from: number, except: readonly string[] = []) => {
    if (anyone) return steps.length === 0 && world.people.some(({ id }) => id !== author && mayBeAsked(id, 0));
    const isRight = (step: StepInput, index: number) =>
      whom(step).every((user) => (index === 0 && except.includes(user)) || mayBeAsked(user, from + index)) &&
      howMany(step) <= new Set(whom(step)).size;
    return steps.length > 0 && steps.every(isRight);
  };
  const asStored = (step: StepInput): Step => ("of" in step ? { of: step.of, needs: howMany(step) } : step);
  const { expires, ...open } = post;
  const backToDraft: Submission = { ...open, status: "draft", steps: [], approvals: [] };
  const isOver = expires !== undefined && Date.parse(expires) <= new Date(event.at ?? 0).getTime();

  if (by !== undefined && !isThere(by)) return undefined;
  // A key that is undefined is absent, also one that the event has no use for.
  if ("revision" in event && event.revision !== undefined && event.revision !== post.revision) return undefined;
  switch (event.type) {
    case "submit": {
      if (status !== "draft" || !may(event.by, "submit") || event.steps.length > most) return undefined;
      if (!mayAsk(event.steps, 0)) return undefined;
      const pending = { ...post, status: "pending", steps: event.steps.map(asStored) } as const;
      if (event.expires === undefined) return pending;
      const until = new Date(event.expires).toISOString();
      const isLate = event.at !== undefined && new Date(event.at).toISOString() >= until;
      return isLate ? undefined : { ...pending, expires: until };
    }
    case "approve": {
      const approval = status === "pending" && !isOver ? approvalOf(event.by) : undefined;
      if (!approval) return undefined;
      const given = [...approvals, approval];
      const complete = anyone || given.length === post.steps.reduce((sum, step) => sum + howMany(step), 0);
      return { ...post, approvals: given, status: complete ? "approved" : "pending" };
    }
    case "reject":
      return status === "pending" && mayDecideNow(event.by) && may(event.by, "reject") ? backToDraft : undefined;
    case "withdraw":
      return status === "pending" && event.by === author ? backToDraft : undefined;
    case "edit": {
      const next = [...new Set(event.connections ?? connections)];
      const added = next.filter((id) => !connections.includes(id));
      if (status === "released" || next.length === 0 || !may(event.by, "edit")) return undefined;
      const to = (ids: readonly string[]) => ({ author, connections: ids });
      if (!modelMay(world, event.by, "edit", to(next)) || !modelMay(world, event.by, "select", to(added)))
        return undefined;
      const edited = { connections: next, revision: post.revision + 1 };
      const kept = (who: readonly string[]) => (editorMayApprove === false ? { editors: who } : {});
      if (status !== "pending" || event.by === author) return { ...backToDraft, ...edited, ...kept([event.by]) };
      const all = [...new Set([...editors, event.by])];
      return mayDecideNow(event.by) ? { ...post, ...edited, approvals: [], ...kept(all) } : undefined;
    }
    case "reassign": {
      if (status !== "pending" || anyone || (event.by !== author && !may(event.by, "submit"))) return undefined;
      const steps = event.steps.map(asStored);
      const before = (list: readonly Step[]) => JSON.stringify(list.slice(0, turn));
      // Whoever approved in the step whose turn it is stays in it, and it needs somebody more.
      const counted = round.map((each) => each.for ?? each.by);
      const next = steps[turn] ?? [];
      const keepsRound = counted.every((user) => whom(next).includes(user)) && howMany(next) > round.length;
      const right = before(steps) === before(post.steps) && keepsRound && steps.length <= most;
      return right && mayAsk(steps.slice(turn), turn, counted) ? { ...post, steps } : undefined;
    }
    case "release": {
      if ((status !== "draft" && status !== "approved") || isOver || !may(event.by, "release")) return undefined;
      return isApprovedToday(world, post) ? released(post) : undefined;
    }
    case "auto-release":
      return status === "approved" && !isOver && isApprovedToday(world, post) ? released(post) : undefined;
  }
}

function isApprovedToday(world: Organisation, post: Submission): boolean {
  return modelRounds(post).every((round, step) =>
    round.every((given) => modelMay(world, given.by, "approve", post, step)),
  );
}

function released(post: Submission): Submission {
  return { ...post, status: "released" };
}

/** Who brings an event about: nobody, where the application itself releases. */
export function byWhom(event: ApprovalEvent): string | undefined {
  return event.type === "auto-release" ? undefined : event.by;
}
