import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

// A Next.js application, whose pages and routes have a copy of the package each: `consumers.ts` installs it.

const execute = promisify(execFile);

const asks = 'can(globalThis.account.user("ana"), "publish.post-now", { connections: ["fb"] })';

/** A page that makes a matrix and keeps it where the whole process sees it, and a route that asks that matrix. */
export const nextFiles: Readonly<Record<string, string>> = {
  "app/layout.js": "export default ({ children }) => <html><body>{children}</body></html>;\n",
  "app/page.js": `
import { can, createMatrix, engage } from "channel-grants";
export const dynamic = "force-dynamic";
const ana = { id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } };
export default function Page() {
  globalThis.account ??= createMatrix(engage, { users: [ana] });
  return <p>{"page: " + ${asks}}</p>;
}
`,
  "app/ask/route.js": `
import { can } from "channel-grants";
export const dynamic = "force-dynamic";
export const GET = () => new Response("route: " + ${asks});
`,
};

/** Builds the application for production and starts it, and asks the page and then the route. */
export async function decidesInNext(folder: string): Promise<void> {
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  const next = join(folder, "node_modules", "next", "dist", "bin", "next");
  await execute(process.execPath, [next, "build"], { cwd: folder, env });
  const server = spawn(process.execPath, [next, "start", "--hostname", "127.0.0.1", "--port", "0"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const address = await addressIn(server.stdout);
    for (const [path, answer] of [
      ["/", "page: true"],
      ["/ask", "route: true"],
    ]) {
      const text = await (await fetch(`${address}${path}`)).text();
      if (!text.includes(String(answer))) throw new Error(`${path} of the application says ${text.slice(0, 1000)}`);
    }
  } finally {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
  }
}

/** Reads where a server listens from what it prints. */
async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  const printed: string[] = [];
  for await (const line of createInterface({ input: output })) {
    const [address] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(line) ?? [];
    if (address !== undefined) return address;
    printed.push(line);
  }
  throw new Error(`the application ended, and had said ${printed.join("\n")}`);
}
