import { createUser, engage, explain, type UserInput } from "../../src/index.js";

/** One grant ends on the hour, one in another zone, and one never; the last user has nothing else. */
const users: readonly UserInput<typeof engage>[] = [
  {
    id: "ana",
    role: "viewer",
    grants: {
      fb: { publish: "full-access", until: "2026-08-01T12:00:00.000Z" },
      ig: { publish: "needs-approval", until: "2026-08-01T16:00:00+02:00" },
      x: { publish: "view-only", approver: true },
    },
  },
  { id: "ben", role: "viewer", grants: { fb: { publish: "full-access", until: "2026-08-01T12:00:00.000Z" } } },
];

// Half open: at its end, a grant is not there.
const instants = [
  "2026-08-01T11:59:59.999Z",
  "2026-08-01T12:00:00.000Z",
  "2026-08-01T13:59:59.999Z",
  "2026-08-01T14:00:00.000Z",
];
const targets = [["fb"], ["ig"], ["fb", "ig"], ["fb", "x"]];

/** Asks the same of everybody at each instant. */
export function questionsAboutEnds() {
  const questions = users.flatMap((input) =>
    instants.flatMap((at) => {
      const user = createUser(engage, input, { at });
      const answerTo = ({ action, user: id, target, ...answer }: ReturnType<typeof explain>) => ({
        ...{ user: id, at, action },
        ...(target !== undefined && { target }),
        answer,
      });
      return [
        ...(["publish.view", "publish.edit", "publish.post-now"] as const).flatMap((action) =>
          targets.map((connections) => answerTo(explain(user, action, { connections }))),
        ),
        answerTo(explain(user, "publish.create")),
      ];
    }),
  );
  const validUntil = users.flatMap((input) =>
    instants.map((at) => ({ user: input.id, at, validUntil: createUser(engage, input, { at }).validUntil ?? null })),
  );
  return { users, questions, levels: [], validUntil };
}
