export { packUser } from "./pack-user.js";
export { unpackUser } from "./unpack-user.js";
