export { grants, groups, type History, histories, matrices, users } from "./histories.js";
export { policies } from "./policies.js";
