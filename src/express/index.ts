export { createGrantsExpress, type ExpressGate, type GrantsExpress } from "./create-grants-express.js";
