export { createGrantsSql, type GrantsSql } from "./create-grants-sql.js";
export type { SqlValue } from "./fragment.js";
export { type MigrationSql, migrationSql } from "./migration/migration-sql.js";
export type { ConnectionsQuery, Only, SqlQuery, SqlRelations, UserQuery, UsersQuery } from "./queries/query-types.js";
export type { SqlOptions, TableColumns, TableName } from "./tables.js";
