import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { Readable } from "node:stream";
import { createDecisionPoint } from "../authzen/create-decision-point.js";
import type { DecisionPoint } from "../authzen/decision-point-types.js";
import { escapeUnseen, showValue } from "../core/base/message.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { Policy, PostGroup } from "../core/types/index.js";
import { fail } from "./mistake.js";

/** What is served, and where. */
export interface Serving {
  readonly point: DecisionPoint;
  readonly host: string;
  readonly port: number;
}

/** What came of the attempt to listen. */
interface Listening {
  readonly code: 0 | 2;
  readonly output: readonly string[];
  readonly error: string;
  readonly server?: Server;
}

/** Makes the decision point of files. Each request is answered with the account at its own instant. */
export function pointOf(
  policy: Policy,
  accountNow: () => GrantMatrix,
  posts: ReadonlyMap<string, PostGroup>,
): DecisionPoint {
  const ids = new Set(accountNow().users());
  return createDecisionPoint(policy, {
    account: "account",
    loadUser: (id) => (ids.has(id) ? accountNow().user(id) : undefined),
    loadGroup: (id) => posts.get(id),
    loadAccount: accountNow,
    listGroups: () => posts,
    onError: (error) => void process.stderr.write(`${escapeUnseen(String(error))}\n`),
  });
}

/** Reads a port. */
export function portIn(given: unknown): number {
  const port = /^\d{1,5}$/.test(String(given)) ? Number(given) : Number.NaN;
  return port < 2 ** 16 ? port : fail(`${showValue(given)} is no port; expected a number from 0 to 65535`);
}

const local = ["127.0.0.1", "localhost", "[::1]"];

/** Serves a decision point until the process ends. */
export async function listen({ point, host, port }: Serving): Promise<Listening> {
  const name = isIPv6(host) ? `[${host}]` : host;
  const isLocal = local.includes(name);
  const server = createServer((incoming, outgoing) => {
    // A page whose own name leads to this machine would otherwise read the account in the visitor's browser.
    const asked = String(incoming.headers.host).replace(/:\d+$/, "");
    const isMeant = !isLocal || local.includes(asked);
    void (isMeant ? answer(point, incoming, outgoing, urlOf(server, name)) : end(outgoing, 421));
  });
  const problem = await new Promise<Error | undefined>((resolve) => {
    server.once("error", resolve);
    server.listen(port, host, () => resolve(undefined));
  });
  if (problem) return { code: 2, output: [], error: `cannot listen: ${escapeUnseen(problem.message)}\n` };
  const whom = isLocal ? "only this machine reaches it" : "whoever reaches it may ask";
  return { code: 0, output: [`answers AuthZEN 1.0 at ${urlOf(server, name)}; ${whom}\n`], error: "", server };
}

/** Serves what the command is to serve, if it is to serve anything. */
export async function serveIfAsked<Result extends { readonly serving?: Serving }>(
  result: Result,
): Promise<Result | Listening> {
  return result.serving ? listen(result.serving) : result;
}

function urlOf(server: Server, name: string): string {
  return `http://${name}:${(server.address() as AddressInfo).port}`;
}

async function answer(point: DecisionPoint, incoming: IncomingMessage, outgoing: ServerResponse, url: string) {
  const request = requestOf(incoming, url);
  if (!request) return end(outgoing, 400);
  const response = await point(request);
  outgoing.setHeaders(response.headers);
  outgoing.writeHead(response.status).end(await response.text());
}

function end(outgoing: ServerResponse, status: number): void {
  outgoing.writeHead(status).end();
}

/** Makes the request of what Node read, or nothing if there is no such request. */
function requestOf(incoming: IncomingMessage, url: string): Request | undefined {
  const { method, headersDistinct } = incoming;
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const body = method === "POST" ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } : {};
  try {
    return new Request(`${url}${incoming.url}`, { method: String(method), headers, ...body });
  } catch {
    return undefined;
  }
}
