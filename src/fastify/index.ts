export { createGrantsFastify, type FastifyGate, type GrantsFastify } from "./create-grants-fastify.js";
