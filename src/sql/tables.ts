import { at, below, type Place, refuse } from "../core/base/faults.js";
import { showValue } from "../core/base/message.js";
import { elementAt, readName, readQuestion, readString } from "../core/base/readers.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import type { AccountAreaOf, ConnectionAreaOf, FlagOf, Policy, RelationOf } from "../core/types/index.js";
import { concat, type Dialect, type Fragment, identifier } from "./fragment.js";

/**
 * The name of a table, or its schema and its name.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type TableName } from "channel-grants/sql";
 *
 * const table: TableName = ["app", "members"];
 * createGrantsSql(engage, { dialect: "postgresql", users: { table } }).tables.users.startsWith('CREATE TABLE "app"."members"'); // true
 * ```
 */
export type TableName = string | readonly [schema: string, table: string];

/**
 * How many accounts the tables hold: many, each row with its own, or one alone.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { type Accounts, createGrantsSql } from "channel-grants/sql";
 *
 * const accounts = "one" satisfies Accounts;
 * const grants = createGrantsSql(engage, { dialect: "sqlite", accounts });
 * grants.usersFor({ action: "connections.create" }).values; // ["admin"]
 * ```
 */
export type Accounts = "many" | "one";

/**
 * Your application's tables, as `createGrantsSql` takes them. A table or column that you leave out has its usual name.
 *
 * Every table has a column for the account that a row belongs to, unless there is one account alone. A grant has a column for each area and each flag. A user
 * has one for each area of the account and its flags. By default, such a column has the name of the area or flag, with
 * underscores for hyphens. A post group has one for each relation: by default the relation's name, and `_id`.
 *
 * @example
 * ```ts
 * import { type Engage, engage } from "channel-grants";
 * import { createGrantsSql, type SqlOptions } from "channel-grants/sql";
 *
 * const options: SqlOptions<Engage> = {
 *   dialect: "postgresql",
 *   levels: "integer",
 *   users: { table: "members", id: "member_id", account: "company_id" },
 *   grants: { columns: { publish: "publish_level", approver: "is_approver" } },
 * };
 * createGrantsSql(engage, options).tables.grants.includes('"publish_level" SMALLINT'); // true
 * ```
 */
export interface SqlOptions<P extends Policy = Policy, A extends Accounts = Accounts> {
  /** The database, which decides how a name and a placeholder are written: `"id"` and `$1`, or `` `id` `` and `?`. */
  readonly dialect: "postgresql" | "sqlite" | "mysql";
  /** How a level is stored: as its name (the default), or as its rank among all levels of the policy. */
  readonly levels?: "text" | "integer";
  /**
   * How many accounts the tables hold. With `"one"`, no table has a column for the account, and no question names it. By
   * default, `"many"`.
   */
  readonly accounts?: A;
  /**
   * The users and their roles: one row for each user of an account. `until` is the column of the end of what a user holds in
   * the account as a whole.
   */
  readonly users?: TableColumns<"account" | "id" | "role" | "until"> & {
    readonly columns?: { readonly [K in AccountAreaOf<P> | FlagOf<P>]?: string };
  };
  /** The connections of each account. */
  readonly connections?: TableColumns<"account" | "id">;
  /**
   * The grants: at most one row for each user and connection. With `until`, the column of their ends (`NULL` for none),
   * every query is asked `at` an instant.
   */
  readonly grants?: TableColumns<"account" | "user" | "connection" | "until"> & {
    readonly columns?: { readonly [K in ConnectionAreaOf<P> | FlagOf<P>]?: string };
  };
  /** The post groups, and who is in each relation to them: an id, or `NULL` for nobody. */
  readonly groups?: TableColumns<"account" | "id"> & {
    readonly relations?: { readonly [R in RelationOf<P>]?: string };
  };
  /** The connections that each post group goes to. */
  readonly links?: TableColumns<"account" | "group" | "connection">;
}

/**
 * The names of a table and its columns. A name that you leave out is the usual one.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type TableColumns } from "channel-grants/sql";
 *
 * const groups: TableColumns<"account" | "id"> = { table: "posts", account: "company_id" };
 * createGrantsSql(engage, { dialect: "sqlite", groups }).tables.groups.startsWith('CREATE TABLE "posts"'); // true
 * ```
 */
export type TableColumns<Column extends string> = { readonly [C in Column]?: string } & {
  readonly table?: TableName;
};

/** A table of the application: its quoted name, and the quoted names of its columns. */
export interface Table {
  readonly name: Fragment;
  /** The parts of its name: the table, and before it a schema if there is one. */
  readonly parts: readonly Fragment[];
  /** By their use: `account`, `id`, `role`. */
  readonly columns: ReadonlyMap<string, Fragment>;
  /** By the name of an area, a flag or a relation. */
  readonly named: ReadonlyMap<string, Fragment>;
}

export type TableKind = keyof typeof usualNames;

/** The application's tables, read. */
export interface Tables {
  readonly dialect: Dialect;
  readonly levels: "text" | "integer";
  readonly accounts: Accounts;
  readonly of: Readonly<Record<TableKind, Table>>;
}

const usualNames = {
  users: { table: "users", account: "account_id", id: "id", role: "role" },
  connections: { table: "connections", account: "account_id", id: "id" },
  grants: { table: "grants", account: "account_id", user: "user_id", connection: "connection_id" },
  groups: { table: "post_groups", account: "account_id", id: "id" },
  links: {
    table: "post_group_connections",
    account: "account_id",
    group: "post_group_id",
    connection: "connection_id",
  },
} as const;

const dialects: ReadonlySet<string> = new Set(["postgresql", "sqlite", "mysql"]);
const storages: ReadonlySet<string> = new Set(["text", "integer"]);
const accountsHeld: ReadonlySet<string> = new Set(["many", "one"]);

/** Reads the description of the application's tables. */
export function readTables(engine: CompiledPolicy, source: unknown): Tables {
  const place = at("invalid-tables");
  const options = readQuestion(source, place, ["dialect", "levels", "accounts", ...Object.keys(usualNames)]);
  const dialect = readName(options.get("dialect"), below(place, "dialect"), dialects) as Dialect;
  const levels = readName(givenOr(options, "levels", "text"), below(place, "levels"), storages);

  const accounts = readName(givenOr(options, "accounts", "many"), below(place, "accounts"), accountsHeld);

  const named = namesIn(engine);
  const tables = Object.entries(usualNames).map(
    ([kind, { table: usualTable, account, ...itsOwn }]): [TableKind, Table] => {
      const usualColumns = accounts === "one" ? itsOwn : { account, ...itsOwn };
      const inside = below(place, kind);
      const { key, names, ending } = named.get(kind) ?? unnamed;
      // What a user holds in the account is in the users' row, and ends there.
      const mayEnd = kind === "grants" || (kind === "users" && key.length > 0);
      const further = mayEnd ? ["until"] : [];
      const known = ["table", ...Object.keys(usualColumns), ...further, ...key];
      const given = readQuestion(givenOr(options, kind, {}), inside, known);
      const taken = new Set<string>();
      const readColumn = (name: unknown, each: Place) => {
        const text = readIdentifier(name, each, dialect);
        // SQLite and MySQL take names that differ only in case for the same name.
        const same = dialect === "postgresql" ? text : text.toLowerCase();
        if (taken.has(same)) refuse(each, `a second column ${showValue(text)}; expected one for each`);
        taken.add(same);
        return identifier(text, dialect);
      };
      const parts = readTableName(givenOr(given, "table", usualTable), below(inside, "table"), dialect);
      const columns = Object.entries(usualColumns).map(([column, usual]): [string, Fragment] => [
        column,
        readColumn(givenOr(given, column, usual), below(inside, column)),
      ]);
      // It has no usual name: where none is given, grants do not end.
      if (given.has("until")) columns.push(["until", readColumn(given.get("until"), below(inside, "until"))]);
      const own = key.flatMap((each) => {
        const within = below(inside, each);
        const byName = readQuestion(givenOr(given, each, {}), within, names);
        return names.map((name): [string, Fragment] => {
          const usual = `${name.replaceAll("-", "_")}${ending}`;
          return [name, readColumn(givenOr(byName, name, usual), below(within, name))];
        });
      });
      const table = { name: concat(parts, "."), parts, columns: new Map(columns), named: new Map(own) };
      return [kind as TableKind, table];
    },
  );

  checkStored(engine.roles.keys(), "role");
  if (levels === "text")
    checkStored(
      engine.areas.flatMap((area) => area.levels),
      "level",
    );
  return {
    dialect,
    levels: levels as Tables["levels"],
    accounts: accounts as Accounts,
    of: Object.fromEntries(tables) as unknown as Tables["of"],
  };
}

/** The columns of a table that have names in the policy: the key that they are described under, and what their usual names end with. */
interface Named {
  readonly key: readonly ["columns" | "relations"] | readonly [];
  readonly names: readonly string[];
  readonly ending: string;
}

const unnamed: Named = { key: [], names: [], ending: "" };

function namesIn({ keys, accountKeys, relations }: CompiledPolicy): ReadonlyMap<string, Named> {
  const all = new Map<string, Named>([
    ["grants", { key: ["columns"], names: keys.map(({ name }) => name), ending: "" }],
  ]);
  if (accountKeys.length > 0) {
    all.set("users", { key: ["columns"], names: accountKeys.map(({ name }) => name), ending: "" });
  }
  if (relations.length > 0) all.set("groups", { key: ["relations"], names: relations, ending: "_id" });
  return all;
}

/** Returns what was given, or the usual value. A given `null` is returned too, and refused by its reader. */
function givenOr(given: ReadonlyMap<string, unknown>, key: string, usual: unknown): unknown {
  return given.has(key) ? given.get(key) : usual;
}

/** Tells whether a database stores a text unchanged. It refuses NUL, and replaces a lone surrogate. */
export function isStored(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}

function checkStored(names: Iterable<string>, what: string): void {
  for (const name of names) {
    if (!isStored(name)) {
      refuse(
        at("invalid-policy"),
        `the ${what} ${showValue(name)} cannot be stored in SQL; expected a name without NUL and without lone surrogates`,
      );
    }
  }
}

export function readTableName(source: unknown, place: Place, dialect: Dialect): readonly Fragment[] {
  const read = (name: unknown, each: Place) => identifier(readIdentifier(name, each, dialect), dialect);
  if (!Array.isArray(source)) return [read(source, place)];
  if (source.length !== 2) refuse(place, "an array of another length is not accepted; expected a schema and a table");
  return [0, 1].map((index) => read(elementAt(source, index), below(place, index)));
}

/** Reads an identifier. PostgreSQL would cut a longer one, and could take it for another name. */
export function readIdentifier(source: unknown, place: Place, dialect: Dialect): string {
  const name = readString(source, place);
  if (dialect === "mysql" && /\s$|[\u{10000}-\u{10ffff}]/u.test(name)) {
    refuse(
      place,
      `${showValue(name)} is not a name in MySQL; expected one that ends without a space, and without emoji`,
    );
  }
  if (!isStored(name) || name === "" || encodeURIComponent(name).replace(/%../g, "x").length > 63) {
    refuse(place, `${showValue(name)} is not a name in SQL; expected 1 to 63 bytes, without NUL`);
  }
  return name;
}
