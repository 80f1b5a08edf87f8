export { createGrantsSql, type GrantsSql } from "./create-grants-sql.js";
export type { SqlValue } from "./fragment.js";
export { type MigrationSql, migrationSql } from "./migration/migration-sql.js";
export type {
  ConnectionsQuery,
  InAccount,
  Only,
  SqlQuery,
  SqlRelations,
  UserQuery,
  UsersQuery,
} from "./queries/query-types.js";
export type { RowActions, RowIdentity, RowSecurityOptions } from "./row-security/row-security-options.js";
export type {
  AccountAssignment,
  AccountPage,
  GrantAssignment,
  GrantPlace,
  LoadMatrix,
  LoadPage,
  LoadUser,
  RowsQuery,
} from "./rows/row-types.js";
export type { Accounts, SqlOptions, TableColumns, TableName } from "./tables.js";
