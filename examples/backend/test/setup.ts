import { randomUUID } from "node:crypto";
import { raw } from "sql-template-tag";
import { openDatabase } from "../src/database.js";

/** Where DATABASE_URL names a server, the tests run there: in a schema of their own, which is dropped afterwards. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  const url = process.env.DATABASE_URL;
  if (url === undefined) return undefined;
  const schema = `backend_${randomUUID().replaceAll("-", "")}`;
  const database = await openDatabase({ url });
  await database.query(raw(`CREATE SCHEMA ${schema}`));
  const own = new URL(url);
  own.searchParams.set("options", `-csearch_path=${schema}`);
  process.env.DATABASE_URL = own.href;
  return async () => {
    await database.query(raw(`DROP SCHEMA ${schema} CASCADE`));
    await database.close();
  };
}
