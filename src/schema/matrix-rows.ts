import { addFault, below, type Place, readOrSkip, refuse } from "../core/base/faults.js";
import { showValue } from "../core/base/message.js";
import { type Names, readField, readList, readRecord, readString } from "../core/base/readers.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import type { Role } from "../core/engine/rule.js";
import type { AccountGrantInput, GrantInput, MatrixInput, Policy, RoleOf, UserRow } from "../core/types/index.js";
import { readRole } from "../core/users/create-user.js";
import { copyAccount, copyGrant } from "./checked-copy.js";

/**
 * An account as the schemas return it: an input for `createMatrix`, with every user's grants by connection.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage } from "channel-grants";
 * import { type MatrixData, matrixSchema } from "channel-grants/schema";
 *
 * const data: MatrixData<Engage> = matrixSchema(engage).parse({ users: [{ id: "ana", role: "viewer" }] });
 * createMatrix(engage, data).users(); // ["ana"]
 * ```
 */
export interface MatrixData<P extends Policy = Policy> extends MatrixInput<P> {
  readonly users: readonly UserRow<P>[];
}

/**
 * An account as rows of tables: the input of `matrixRowsSchema`.
 *
 * @example
 * ```ts
 * import { createMatrix, type Engage, engage } from "channel-grants";
 * import { type MatrixRows, matrixRowsSchema } from "channel-grants/schema";
 *
 * const rows: MatrixRows<Engage> = {
 *   users: [{ id: "ana", role: "viewer" }],
 *   connections: [{ id: "fb" }],
 *   grants: [{ user: "ana", connection: "fb", grant: { publish: "view-only" } }],
 * };
 * createMatrix(engage, matrixRowsSchema(engage).parse(rows)).visibleConnections("ana", "publish"); // ["fb"]
 * ```
 */
export interface MatrixRows<P extends Policy = Policy> {
  readonly users: readonly {
    readonly id: string;
    readonly role: RoleOf<P>;
    /** What it holds in the account as a whole, if the policy has areas of the account. */
    readonly account?: AccountGrantInput<P> | undefined;
  }[];
  readonly connections: readonly { readonly id: string }[];
  readonly grants: readonly { readonly user: string; readonly connection: string; readonly grant: GrantInput<P> }[];
}

/** Reads an account from the rows of its tables. */
export function readRows<P extends Policy>(engine: CompiledPolicy, source: unknown, place: Place): MatrixData<P> {
  const tables = readRecord(source, place, ["users", "connections", "grants"]);
  const readTable = <Row>(name: string, columns: readonly string[], read: (row: Columns, place: Place) => Row) =>
    readField(tables, place, name, (rows, tablePlace) =>
      readList(rows, tablePlace, (row, each) => read(readRecord(row, each, columns), each)),
    );

  const users = new Map<string, Holder<P>>();
  const hasUsers = readTable("users", userColumns(engine), (row, each) => {
    const userPlace: Place = { ...each, code: "invalid-user" };
    const role = readField(row, userPlace, "role", (name, inside) => readRole(engine, name, inside));
    const account = row.has("account")
      ? readField(row, { ...each, code: "invalid-grant" }, "account", (held, inside) =>
          copyAccount<P>(engine, role, held, inside),
        )
      : undefined;
    const id = readString(row.get("id"), below(userPlace, "id"), "a user id");
    if (users.has(id))
      refuse({ ...each, code: "duplicate-user" }, `a second user ${showValue(id)}; expected one`, "id");
    users.set(id, { role, account, grants: new Map() });
  });

  const connections = new Set<string>();
  const hasConnections = readTable("connections", ["id"], (row, each) => {
    const id = readString(row.get("id"), below(each, "id"), "a connection's id");
    if (connections.has(id)) refuse(each, `a second connection ${showValue(id)}; expected one`, "id");
    connections.add(id);
  });

  readTable("grants", ["user", "connection", "grant"], (row, each) => {
    const user = readOrSkip(place, () => readKey(row, "user", each, hasUsers && users));
    const connection = readOrSkip(place, () => readKey(row, "connection", each, hasConnections && connections));
    const holder = users.get(user as string);
    if (holder?.grants.has(connection as string)) {
      addFault(each, `a second grant of ${showValue(user)} on ${showValue(connection)}; expected one row of both`);
    }
    const grantPlace: Place = { ...below(each, "grant"), code: "invalid-grant" };
    const grant = copyGrant<P>(engine, holder?.role, row.get("grant"), grantPlace);
    if (connection !== undefined) holder?.grants.set(connection, grant);
  });

  const rows = [...users].map(([id, { role, account, grants }]) => ({
    id,
    role: role?.name,
    ...(grants.size > 0 && { grants: Object.fromEntries(grants) }),
    ...(account && { account }),
  }));
  return { users: rows as unknown as UserRow<P>[], connections: [...connections] };
}

/** The columns of a row of users: what is held in the account is one of them where the policy has such areas. */
function userColumns({ accountKeys }: CompiledPolicy): readonly string[] {
  return ["id", "role", ...(accountKeys.length > 0 ? ["account"] : [])];
}

type Columns = ReadonlyMap<string, unknown>;

/** A user while the rows are read, and its grants. */
interface Holder<P extends Policy> {
  readonly role: Role | undefined;
  readonly account: AccountGrantInput<P> | undefined;
  readonly grants: Map<string, GrantInput<P>>;
}

/** Reads the key of another table's row, which is there, if that table could be read. */
function readKey(row: Columns, column: string, place: Place, rows: Names | undefined): string {
  const id = readString(row.get(column), below(place, column), `the id of a ${column}`);
  if (rows && !rows.has(id)) {
    refuse(place, `${showValue(id)} is the id of no ${column}; expected one of the rows of ${column}s`, column);
  }
  return id;
}
