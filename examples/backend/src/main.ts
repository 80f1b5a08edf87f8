import { isDemo, signingSecret, tokenFor } from "./auth.js";
import { openDatabase } from "./database.js";
import { migrate } from "./migrations.js";
import { releaseDue } from "./scheduler.js";
import { seed } from "./seed.js";
import { createServer } from "./server.js";

const { DATABASE_URL, DATA_DIRECTORY, JWT_SECRET, PORT = "3000" } = process.env;

const secret = signingSecret(JWT_SECRET);
const database = await openDatabase({ url: DATABASE_URL, directory: DATA_DIRECTORY });
await migrate(database);
if (isDemo(process.env)) await seed(database);
const server = await createServer(database, { secret, logLevel: "warn" });
const address = await server.listen({ port: Number(PORT) });

const release = async () => {
  for (const outcome of await releaseDue(database)) if (outcome.status === "rejected") console.error(outcome.reason);
};
const timer = setInterval(() => release().catch(console.error), 5_000);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    clearInterval(timer);
    await server.close();
    await database.close();
  });
}

if (isDemo(process.env)) showRequests();
else console.log(`The service listens at ${address}.`);

/** Prints requests to try, with tokens that are good for an hour. */
function showRequests(): void {
  const as = (user: string) => `curl -H "Authorization: Bearer ${tokenFor(server, { account: "redlark", user })}"`;
  console.log(`
The feed of Sanne, who needs approval everywhere:
${as("sanne")} "${address}/posts?limit=3"

Callum may not post this at once, and the answer says what is in the way:
${as("callum")} -H "Content-Type: application/json" -d '{"version":0}' ${address}/posts/breakfast-hamper/post-now

What Ingrid, an admin, finds in the log afterwards:
${as("ingrid")} "${address}/audit/decisions?limit=3"
`);
}
