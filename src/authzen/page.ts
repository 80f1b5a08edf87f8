import { below, refuse } from "../core/base/faults.js";
import { showValue } from "../core/base/message.js";
import { isRecord } from "../core/base/readers.js";
import { hashText } from "../core/engine/hash-text.js";
import { inRequest, type Members, readOptional, readText } from "./read-request.js";

/** The part of the results that a search asks for. */
export interface Page {
  readonly isAsked: boolean;
  readonly offset: number;
  readonly limit: number | undefined;
  /** What the page after this one must ask again. */
  readonly search: string;
}

const inPage = /* @__PURE__ */ below(inRequest, "page");

/**
 * Reads which page of a search is asked for. A token says where the page begins, and carries the limit and a number for
 * the search. It gives no right: each page is searched for anew, so a token that somebody made up shows another part of
 * what the same request finds.
 */
export function readPage(kind: string, members: Members): Page {
  const page = readOptional(members, inRequest, "page");
  const properties = page && readOptional(page, inPage, "properties");
  const asked = ["subject", "action", "resource", "context"].map((name) => members.get(name) ?? null);
  const search = hashText(sorted([kind, ...asked, properties ? Object.fromEntries(properties) : null]));
  const limit = page?.has("limit") ? readLimit(page.get("limit")) : undefined;
  if (!page?.has("token")) return { isAsked: page !== undefined, offset: 0, limit, search };
  const token = readText(page, inPage, "token");
  const [, offset, kept] = /^([1-9]\d{0,15})-(\d{0,16})-/.exec(token) ?? [];
  const known = { isAsked: true, offset: Number(offset), limit: kept ? Number(kept) : undefined, search };
  const isKnown = offset !== undefined && token === tokenOf(known) && (limit === undefined || limit === known.limit);
  return isKnown
    ? known
    : refuse(inPage, `${showValue(token)} is no token of this search; expected next_token of its last page`, "token");
}

function readLimit(limit: unknown): number {
  return Number.isSafeInteger(limit) && (limit as number) >= 0
    ? (limit as number)
    : refuse(inPage, `${showValue(limit)} is not accepted; expected a whole number`, "limit");
}

/** Writes a value as JSON, with the members of each object in order: senders may write them in any. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, each) =>
    isRecord(each) ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1))) : each,
  );
}

function tokenOf({ offset, limit, search }: Omit<Page, "isAsked">): string {
  return `${offset}-${limit ?? ""}-${search}`;
}

/** Gives one page of results. The page is described if it was asked for, or is not all. */
export function pageOf(found: readonly object[], page: Page, most: number): object {
  const end = page.offset + Math.min(page.limit ?? most, most);
  const results = found.slice(page.offset, end);
  // A page of no results has no next one, or a caller would ask for ever.
  const isLast = end >= found.length || results.length === 0;
  if (isLast && !page.isAsked) return { results };
  const next_token = isLast ? "" : tokenOf({ ...page, offset: end });
  return { page: { next_token, count: results.length, total: found.length }, results };
}
