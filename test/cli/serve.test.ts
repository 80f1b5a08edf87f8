import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/run.js";
import { listen, type Serving, serveIfAsked } from "../../src/cli/serve.js";

// The command that serves a decision point for trying out, on a real port.

const files: Readonly<Record<string, unknown>> = {
  "account.json": {
    policy: "engage",
    connections: ["fb", "ig"],
    users: [{ id: "ana", role: "viewer", grants: { fb: { publish: "full-access" } } }],
  },
  "desk.json": {
    policy: "desk-policy.json",
    users: [{ id: "ana", role: "writer", grants: { fb: { stories: "write" } } }],
  },
  "desk-policy.json": {
    name: "desk",
    levels: ["none", "write"],
    areas: { stories: { levels: ["none", "write"] } },
    roles: { writer: {} },
    relations: ["author"],
    actions: { edit: { target: "group", allow: { area: "stories", level: "write", is: "author" } } },
  },
  "posts.json": { "post-1": { connections: ["fb"], author: "ana" }, "post-2": { connections: ["fb"] } },
  "wrong-posts.json": { "post-1": { connections: "fb" } },
};

function ran(line: string) {
  const read = (file: string) => JSON.stringify(files[file]);
  return run(line.split(" "), { read, readBeside: (_, named) => read(named), colours: false });
}

const running: { close(): unknown; closeAllConnections(): void }[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const server of running.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Serves, and gives the port with what was printed. */
async function served(line: string) {
  const { serving } = ran(`${line} --port 0`) as { serving: Serving };
  const listening = await listen(serving);
  if (!listening.server) throw new Error(listening.error);
  running.push(listening.server);
  return { port: (listening.server.address() as AddressInfo).port, said: listening.output.join("") };
}

/** Sends a request as it is written, and gives the status and the body. */
function sent(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string>; host?: string } = {},
  body?: string,
) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const { host = "127.0.0.1", ...others } = options;
      const outgoing = request({ host, port, path, ...others }, (incoming) => {
        let text = "";
        incoming.on("data", (piece) => {
          text += piece;
        });
        incoming.on("end", () => resolve({ status: incoming.statusCode, headers: incoming.headers, text }));
      });
      outgoing.on("error", reject).end(body);
    },
  );
}

const json = { "content-type": "application/json" };
const asked = (id: string, action: string, resource: object) =>
  JSON.stringify({ subject: { type: "user", id }, action: { name: action }, resource });
const evaluated = async (port: number, body: string) => {
  const { text, status } = await sent(port, "/access/v1/evaluation", { method: "POST", headers: json }, body);
  return status === 200 ? JSON.parse(text) : status;
};

describe("serve", () => {
  it("answers about the account of a file, on this machine alone", async () => {
    const { port, said } = await served("serve --grants account.json");
    expect(said).toBe(`answers AuthZEN 1.0 at http://127.0.0.1:${port}; only this machine reaches it\n`);
    const fb = { type: "connection", id: "fb" };
    expect(await evaluated(port, asked("ana", "publish.select", fb))).toEqual({ decision: true });
    expect(await evaluated(port, asked("ana", "publish.post-now", fb))).toEqual({ decision: true });
    expect(await evaluated(port, asked("eve", "publish.select", fb))).toMatchObject({ decision: false });
    expect(await evaluated(port, asked("ana", "publish.create", { type: "account", id: "account" }))).toEqual({
      decision: true,
    });
    expect(await evaluated(port, "{")).toBe(400);
  });

  it("answers about the posts of a file, with their relations", async () => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const { port } = await served("serve --grants desk.json --posts posts.json");
    expect(await evaluated(port, asked("ana", "edit", { type: "group", id: "post-1" }))).toEqual({ decision: true });
    const search = { subject: { type: "user" }, action: { name: "edit" }, resource: { type: "group", id: "post-1" } };
    const found = await sent(
      port,
      "/access/v1/search/subject",
      { method: "POST", headers: json },
      JSON.stringify(search),
    );
    expect(JSON.parse(found.text)).toEqual({ results: [{ type: "user", id: "ana" }] });
    expect(write).not.toHaveBeenCalled();
    // The file does not say who wrote this one.
    expect(await evaluated(port, asked("ana", "edit", { type: "group", id: "post-2" }))).toBe(500);
    const posts = { subject: { type: "user", id: "ana" }, action: { name: "edit" }, resource: { type: "group" } };
    const listed = await sent(
      port,
      "/access/v1/search/resource",
      { method: "POST", headers: json },
      JSON.stringify(posts),
    );
    expect(listed.status).toBe(500);
    expect(write.mock.calls).toEqual(Array(2).fill([expect.stringMatching(/^PolicyError: no author for edit.*\n$/)]));
  });

  it("names itself by its own address in the configuration, whatever the request says", async () => {
    const { port } = await served("serve --grants account.json");
    const answer = await sent(port, "/.well-known/authzen-configuration", {
      headers: { host: "localhost:1", "x-request-id": "7" },
    });
    expect(JSON.parse(answer.text).policy_decision_point).toBe(`http://127.0.0.1:${port}`);
    expect(answer.headers).toMatchObject({ "x-request-id": "7", "content-type": "application/json" });
  });

  it("does not answer a page whose own name leads to this machine", async () => {
    const { port } = await served("serve --grants account.json");
    for (const host of ["evil.test", `evil.test:${port}`, "127.0.0.1.evil.test", "[::2]"]) {
      expect((await sent(port, "/.well-known/authzen-configuration", { headers: { host } })).status).toBe(421);
    }
    for (const host of ["localhost", `localhost:${port}`, "127.0.0.1", "[::1]:80"]) {
      expect((await sent(port, "/.well-known/authzen-configuration", { headers: { host } })).status).toBe(200);
    }
  });

  it("answers under other names where it is told to listen to others, and says so", async () => {
    const { port, said } = await served("serve --grants account.json --host 0.0.0.0");
    expect(said).toBe(`answers AuthZEN 1.0 at http://0.0.0.0:${port}; whoever reaches it may ask\n`);
    const answer = await sent(port, "/.well-known/authzen-configuration", { headers: { host: "pdp.test" } });
    expect(answer.status).toBe(200);
  });

  it("listens on IPv6, where there is it", async () => {
    const { serving } = ran("serve --grants account.json --port 0 --host ::1") as { serving: Serving };
    const { server, output, error } = (await serveIfAsked({ serving })) as Awaited<ReturnType<typeof listen>>;
    if (server) running.push(server);
    expect(error || output.join("")).toMatch(/^answers AuthZEN 1\.0 at http:\/\/\[::1\]:\d+; only|^cannot listen: /);
  });

  it("answers what is no request of the Fetch API with 400, and a long body with 413", async () => {
    const { port } = await served("serve --grants account.json");
    expect((await sent(port, "/", { method: "TRACE" })).status).toBe(400);
    expect((await sent(port, "*", { method: "OPTIONS" })).status).toBe(400);
    expect((await sent(port, "/", { method: "GET" })).status).toBe(404);
    expect((await sent(port, "//access/v1/evaluation", { method: "POST", headers: json }, "{}")).status).toBe(404);
    expect(await evaluated(port, " ".repeat(2 ** 20 + 1))).toBe(413);
    expect(await evaluated(port, asked("ana", "publish.select", { type: "connection", id: "fb" }))).toEqual({
      decision: true,
    });
  });

  it("says that a port is taken, as a wrong call", async () => {
    const { port } = await served("serve --grants account.json");
    const { serving } = ran(`serve --grants account.json --port ${port}`) as { serving: Serving };
    expect(await listen(serving)).toEqual({
      code: 2,
      output: [],
      error: expect.stringMatching(/^cannot listen: .*EADDRINUSE/),
    });
  });

  it.each([
    ["serve", "serve needs --grants"],
    ["serve account.json", "the number of files is 1; expected 0: channel-grants serve --grants grants.json"],
    ["serve --grants account.json --port 65536", '"65536" is no port; expected a number from 0 to 65535'],
    ["serve --grants account.json --port x", '"x" is no port; expected a number from 0 to 65535'],
    ["serve --grants account.json --port -1", "Option '--port' argument is ambiguous"],
    ["serve --grants account.json --posts wrong-posts.json", '"wrong-posts.json" is wrong:'],
  ])("%s is a wrong call", (line, error) => {
    const result = ran(line);
    expect(result).toMatchObject({ code: 2, output: [], error: expect.stringContaining(error) });
    expect(result.serving).toBeUndefined();
  });

  it("listens on 127.0.0.1 and port 8080 unless told otherwise", () => {
    expect(ran("serve --grants account.json").serving).toMatchObject({ host: "127.0.0.1", port: 8080 });
    expect(ran("serve --grants account.json --host ::1 --port 65535").serving).toMatchObject({
      host: "::1",
      port: 65535,
    });
  });

  it("serves under the policy that is named", () => {
    expect(ran("serve --grants account.json --policy engage").serving).toBeDefined();
  });
});
