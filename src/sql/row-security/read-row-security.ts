import { at, below, type Place, refuse } from "../../core/base/faults.js";
import { showValue } from "../../core/base/message.js";
import { isRecord, readList, readName, readQuestion, readString } from "../../core/base/readers.js";
import type { TargetKind } from "../../core/types/index.js";
import type { SqlContext } from "../columns.js";
import { concat, type Fragment, identifier, literal, raw, sql } from "../fragment.js";
import { readAction } from "../queries/read-query.js";
import { isStored, readIdentifier, readTableName } from "../tables.js";
import type { RowActions } from "./row-security-options.js";

/** What `rowSecurity` was asked, read. */
export interface RowSecurity {
  readonly user: Fragment;
  /** Not there where the tables hold one account alone. */
  readonly account: Fragment | undefined;
  readonly per: "row" | "statement";
  readonly actions: Readonly<Record<RowCommand, string | undefined>>;
  readonly role: Role;
  readonly schema: Fragment;
  readonly views: readonly Fragment[];
}

/** A role of the database: its name, and this quoted. */
interface Role {
  readonly text: string;
  readonly name: Fragment;
}

type RowCommand = keyof typeof targets;

/** What each action is asked about. */
const targets = {
  select: "group",
  insert: "group",
  update: "group",
  delete: "group",
  create: "none",
  manage: "none",
} as const satisfies Record<keyof RowActions, TargetKind>;

const ways: ReadonlySet<string> = new Set(["row", "statement"]);

/** Reads the question of `rowSecurity`. */
export function readRowSecurity(context: SqlContext, source: unknown): RowSecurity {
  const { dialect } = context.tables;
  if (dialect !== "postgresql") {
    refuse(at("invalid-tables", "dialect"), `${showValue(dialect)} has no row level security; expected "postgresql"`);
  }
  const place = at("invalid-query");
  const keys = context.tables.accounts === "one" ? ["user"] : ["user", "account"];
  const given = readQuestion(source, place, [...keys, "per", "actions", "role", "schema", "views"]);
  const [user, account] = keys.map((key) => readIdentity(given.get(key), below(place, key))) as [Identity, Identity?];
  const usualRole = user.isOfSupabase ? "authenticated" : undefined;
  const views = given.has("views")
    ? readList(given.get("views"), below(place, "views"), (view, each) =>
        concat(readTableName(view, each, dialect), "."),
      )
    : [];
  return {
    user: user.value,
    account: account?.value,
    per: readName(given.get("per"), below(place, "per"), ways) as RowSecurity["per"],
    actions: readActions(context, given.get("actions"), below(place, "actions")),
    role: readRole(given.has("role") ? given.get("role") : usualRole, below(place, "role")),
    schema: readSchema(context, given.has("schema") ? given.get("schema") : "channel_grants", below(place, "schema")),
    views,
  };
}

function readActions(context: SqlContext, source: unknown, place: Place): RowSecurity["actions"] {
  const given = readQuestion(source, place, Object.keys(targets));
  const read = Object.entries(targets).map(([command, target]) => {
    const isAsked = command === "select" || given.has(command);
    return [command, isAsked ? readAction(context, given.get(command), [target]) : undefined] as const;
  });
  return Object.fromEntries(read) as RowSecurity["actions"];
}

interface Identity {
  readonly value: Fragment;
  readonly isOfSupabase: boolean;
}

/** Reads where an id is found. What is not there is `NULL`, also where a pool hands on a connection: then the setting is empty. */
function readIdentity(source: unknown, place: Place): Identity {
  if (source === "auth.uid()") return { value: raw("(SELECT auth.uid())::text"), isOfSupabase: true };
  const forms = 'expected { setting }, { appMetadata }, or "auth.uid()"';
  if (!isRecord(source)) return refuse(place, `${showValue(source)} is not an identity; ${forms}`);
  const given = readQuestion(source, place, ["setting", "appMetadata"]);
  if (given.size !== 1) return refuse(place, `${given.size} keys are not an identity; ${forms}`);
  if (given.has("appMetadata")) {
    const field = literal(readText(given.get("appMetadata"), below(place, "appMetadata")), "postgresql");
    return { value: sql`NULLIF((SELECT auth.jwt()) -> 'app_metadata' ->> ${field}, '')`, isOfSupabase: true };
  }
  const inside = below(place, "setting");
  const setting = readText(given.get("setting"), inside);
  // One without a dot would be a setting of PostgreSQL itself.
  if (!/^\w+(\.\w+)+$/.test(setting)) {
    refuse(inside, `${showValue(setting)} is not a setting of yours; expected one with a dot, like "app.user_id"`);
  }
  return { value: sql`NULLIF(current_setting(${literal(setting, "postgresql")}, TRUE), '')`, isOfSupabase: false };
}

function readText(source: unknown, place: Place): string {
  const text = readString(source, place);
  return isStored(text) && text !== ""
    ? text
    : refuse(place, `${showValue(text)} is not a name; expected one without NUL`);
}

/** Reads a role. PostgreSQL takes `public` and `none` for everybody and nobody, even between quotes. */
function readRole(source: unknown, place: Place): Role {
  const role = readIdentifier(source, place, "postgresql");
  if (role === "public" || role === "none") {
    refuse(place, `${showValue(role)} is not a role; expected the one that your application reads and writes as`);
  }
  return { text: role, name: identifier(role, "postgresql") };
}

/** Reads the schema of the functions. That of the tables is exposed, and anybody could have written into `public`. */
function readSchema({ tables }: SqlContext, source: unknown, place: Place): Fragment {
  const schema = identifier(readIdentifier(source, place, "postgresql"), "postgresql");
  const used = Object.values(tables.of).map(({ parts }) => (parts.length > 1 ? parts[0] : undefined)?.strings[0]);
  if (source === "public" || used.includes(schema.strings[0])) {
    refuse(place, `${showValue(source)} is in use for tables; expected a schema for these functions alone`);
  }
  return schema;
}
