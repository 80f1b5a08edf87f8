import type { Store } from "./store.js";

/** A small team: Ana writes, Ben releases, and Cleo approves for the client. */
export const sample: Store = {
  permissions: [
    { user: "ana", connection: "fb-acme", publish: "full-access", approver: false },
    { user: "ana", connection: "ig-acme", publish: "needs-approval", approver: false },
    { user: "ben", connection: "fb-acme", publish: "full-access", approver: true },
    { user: "ben", connection: "ig-acme", publish: "full-access", approver: false },
    { user: "cleo", connection: "fb-acme", publish: "view-only", approver: true },
    { user: "cleo", connection: "ig-acme", publish: "view-only", approver: true },
  ],
  posts: new Map([
    ["spring-sale", { id: "spring-sale", text: "Spring sale: a third off", connections: ["fb-acme", "ig-acme"] }],
    ["new-store", { id: "new-store", text: "Our new store is open", connections: ["fb-acme"] }],
  ]),
};
