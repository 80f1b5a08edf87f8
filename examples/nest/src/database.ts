import { PGlite } from "@electric-sql/pglite";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { PrismaClient } from "../generated/client.js";
import { grantsSql } from "./policy.js";

/** The tables of `schema.prisma`. Those that decide are the library's: their checks keep out what is no grant. */
const tables = [
  ...Object.values(grantsSql.tables),
  ...grantsSql.indexes,
  `CREATE TABLE "Organisation" ("id" TEXT PRIMARY KEY, "name" TEXT NOT NULL)`,
  `ALTER TABLE "Member" ADD FOREIGN KEY ("organisationId") REFERENCES "Organisation" ("id")`,
  `ALTER TABLE "Channel" ADD "name" TEXT NOT NULL, ADD FOREIGN KEY ("organisationId") REFERENCES "Organisation" ("id")`,
  `ALTER TABLE "Post" ADD "author" TEXT NOT NULL, ADD "text" TEXT NOT NULL, ADD "publishAt" TIMESTAMP(3) NOT NULL,
    ADD "status" TEXT NOT NULL, ADD "approvedBy" TEXT, ADD "revision" INTEGER NOT NULL`,
  `CREATE TABLE "ApiKey" ("hash" TEXT PRIMARY KEY, "organisationId" TEXT, "userId" TEXT, "level" TEXT,
    FOREIGN KEY ("organisationId", "userId") REFERENCES "Member" ("organisationId", "id") ON DELETE CASCADE)`,
];

/** Opens an empty database in this process. With an adapter for your server, nothing else changes. */
export async function openDatabase(): Promise<PrismaClient> {
  const database = await PGlite.create();
  await database.exec(tables.join(";\n"));
  return new PrismaClient({ adapter: new PrismaPGlite(database) });
}
