export { grants, groups, matrices, posts, users } from "./accounts.js";
export { type History, histories } from "./histories.js";
export { policies } from "./policies.js";
