import { randomUUID } from "node:crypto";
import type { GrantInput } from "channel-grants";
import type { Submission } from "channel-grants/approval";
import type { FastifyInstance } from "fastify";
import sql from "sql-template-tag";
import { tokenFor } from "../src/auth.js";
import { type Database, openDatabase } from "../src/database.js";
import { migrate } from "../src/migrations.js";
import { type Backend, grantsSql } from "../src/policy.js";
import { savePost } from "../src/posts.js";
import { createServer } from "../src/server.js";

// The tests talk to the service as others do: over HTTP, through a socket.

/** A user's rows: a role, and what is held on each connection. */
export interface Person {
  readonly role?: "admin" | "viewer";
  readonly grants?: Readonly<Record<string, GrantInput<Backend>>>;
}

/** The members that tests look into; which of them an answer has, they say by what they expect. */
export interface Body {
  readonly id: string;
  readonly version: number;
  readonly status: unknown;
  readonly type: string;
  readonly detail: string;
  readonly decision: unknown;
  readonly refusal?: { readonly reason: string };
  readonly issues: readonly { readonly path: unknown }[];
  readonly next: string | null;
  readonly items: readonly {
    readonly id: string;
    readonly user: string;
    readonly action: string;
    readonly level: string;
    readonly actions: readonly string[];
    readonly grant: { readonly publish: string };
  }[];
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Service {
  readonly database: Database;
  readonly server: FastifyInstance;
  readonly address: string;
  /** Sends a request as somebody, as `account/user`; as nobody where there is no such. */
  call(by: string | undefined, route: string, body?: unknown): Promise<Answer>;
  /** Makes an account of its own. */
  account(connections: readonly string[], people: Readonly<Record<string, Person>>): Promise<string>;
  /** Stores a post, a draft where nothing else is said, and gives its id. */
  post(account: string, stored: Partial<Submission> & { readonly scheduledAt?: Date }): Promise<string>;
  /** Reads a post as it is stored. */
  stored(account: string, id: string): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export async function startService(): Promise<Service> {
  const database = await opened;
  const server = await createServer(database);
  const address = await server.listen({ host: "127.0.0.1", port: 0 });

  return {
    database,
    server,
    address,
    call: async (by, route, body) => {
      const [method = "", path = ""] = route.split(" ");
      const headers = new Headers();
      if (by !== undefined) {
        const [account = "", user = ""] = by.split("/");
        headers.set("authorization", `Bearer ${tokenFor(server, { account, user })}`);
      }
      if (body !== undefined) headers.set("content-type", "application/json");
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${address}${path}`, { method, headers, ...sent });
      const text = await response.text();
      return {
        status: response.status,
        type: response.headers.get("content-type"),
        headers: response.headers,
        body: (text === "" ? {} : JSON.parse(text)) as Body,
      };
    },
    account: async (connections, people) => {
      const account = `account-${randomUUID()}`;
      await fill(database, account, connections, people);
      return account;
    },
    post: async (account, { scheduledAt, ...stored }) => {
      const id = randomUUID();
      const submission = { connections: [], author: "author", status: "draft", steps: [], approvals: [] } as const;
      const content = { id, text: "Good morning", version: 0, scheduledAt: scheduledAt ?? null };
      await savePost(database, account, { ...submission, revision: 0, ...content, ...stored });
      return id;
    },
    stored: async (account, id) => {
      const [row] = await database.query<Record<string, unknown>>(sql`
        SELECT * FROM posts WHERE account_id = ${account} AND id = ${id}`);
      return row ?? {};
    },
    // A client may have opened a connection that it never used; nobody waits for its time to run out.
    stop: async () => {
      server.server.closeAllConnections();
      await server.close();
    },
  };
}

/** One for all files, which take several seconds to start it; each test has an account of its own. */
const opened = openDatabase({ url: process.env.DATABASE_URL }).then(async (database) => {
  await migrate(database);
  return database;
});

async function fill(
  { query }: Database,
  account: string,
  connections: readonly string[],
  people: Readonly<Record<string, Person>>,
): Promise<void> {
  await query(sql`INSERT INTO accounts (id) VALUES (${account})`);
  await query(sql`
    INSERT INTO connections (account_id, id, network, name)
    SELECT ${account}, id, 'Facebook', 'A page' FROM unnest(${connections}::text[]) id`);
  for (const [id, { role = "viewer", grants = {} }] of Object.entries(people)) {
    await query(sql`INSERT INTO users (account_id, id, role) VALUES (${account}, ${id}, ${role})`);
    for (const [connection, grant] of Object.entries(grants)) {
      await query(grantsSql.assign({ account, user: id, connection, grant }));
    }
  }
}
