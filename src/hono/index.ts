export { createGrantsHono, type GrantsHono, type HonoGate } from "./create-grants-hono.js";
