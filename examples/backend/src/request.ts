import sql, { empty, raw, type Sql } from "sql-template-tag";
import * as z from "zod";
import { Problem } from "./problem.js";

/** PostgreSQL takes no NUL, and has another character for half a surrogate pair. */
const text = z.string().refine((value) => !/[\0\p{Surrogate}]/u.test(value), "expected no NUL and no half pair");

export const id = text.min(1).max(200);
export const content = text.max(10_000);
/** The version of a post that was on the user's screen. */
export const version = z.int().min(0);
/** The years in which a post may go out, well within those that PostgreSQL has. */
const [earliest, latest] = [1970, 2999];
export const time = z.iso
  .datetime({ offset: true })
  .transform((value) => new Date(value))
  .refine(
    (value) => value.getUTCFullYear() >= earliest && value.getUTCFullYear() <= latest,
    `expected a time from ${earliest} to ${latest}`,
  );
/** A list of so many at most. Of one that is too long, none is looked at. */
export const listOf = <Item extends z.ZodType>(item: Item, most: number) =>
  z.array(z.unknown()).max(most).pipe(z.array(item));
export const connectionList = listOf(id, 100);
const approverList = listOf(id, 100).refine(
  (ids) => new Set(ids).size === ids.length,
  "expected nobody twice in a step",
);
/** Who is to approve, step by step, any one of a list or as many as it needs. Which steps will do is the flow's to say. */
export const stepList = listOf(
  z.union([approverList, z.strictObject({ of: approverList, needs: z.int().min(1).max(100) })]),
  5,
);
export const postPath = z.object({ post: id });
export const connectionPath = z.object({ connection: id });

/** Which part of a list is wanted: so many rows, behind the last one of the page before. */
export const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});

const mostIssues = 20;
const longestMessage = 300;

/** Reads a part of a request, and refuses it with its first faults and how many more there are: an answer is never much longer than what was asked. */
export function read<Schema extends z.ZodType>(schema: Schema, source: unknown): z.output<Schema> {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const all = result.error.issues;
  const issues = all
    .slice(0, mostIssues)
    .map(({ path, message }) => ({ path, message: message.slice(0, longestMessage) }));
  const more = all.length - issues.length;
  if (more > 0) issues.push({ path: [], message: `and ${more.toLocaleString("en")} more` });
  throw new Problem(400, issues[0]?.message ?? "The request is not valid.", { issues });
}

/** Leaves out the rows of the pages before, where the newest come first. */
export function behind(column: string, before: string | undefined): Sql {
  return before === undefined ? empty : sql`AND ${raw(column)} < ${before}::bigint`;
}

/** Makes a page of rows that were selected with one more than asked for. */
export function paged<Row extends { readonly position: string }, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
): { readonly items: readonly Item[]; readonly next: string | null } {
  const items = rows.slice(0, limit);
  return { items: items.map(itemOf), next: rows.length > limit ? (items.at(-1)?.position ?? null) : null };
}
