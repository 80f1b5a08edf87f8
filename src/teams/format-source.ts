import { at, refuse } from "../core/base/faults.js";
import { showId, showValue } from "../core/base/message.js";
import { isRecord, ownValue } from "../core/base/readers.js";
import type { AccountSource, GrantSource } from "./folded-teams.js";

/**
 * Gives the name of a user, a team, a brand or a connection by its id.
 *
 * @example
 * ```ts
 * import type { SourceNames } from "channel-grants/teams";
 *
 * const names: SourceNames = (kind, id) => (kind === "brand" ? "Acme Inc." : id);
 * names("brand", "b7"); // "Acme Inc."
 * ```
 */
export type SourceNames = (kind: "user" | "team" | "brand" | "connection", id: string) => string;

/**
 * Says who was given a grant, and on what: the end of a sentence.
 *
 * @param source one of the sources of a folded account; parsed JSON will do.
 * @param names gives the names to write; by default, the ids.
 * @throws `PolicyError` `invalid-grant` if it is no source.
 *
 * @example
 * ```ts
 * import { formatSource } from "channel-grants/teams";
 *
 * const source = { team: "t1", brand: "b7", grant: { publish: "view-only" } } as const;
 * formatSource(source); // "by team t1 on brand b7"
 * formatSource(source, (kind, id) => ({ t1: "EMEA", b7: "Acme" })[id] ?? id); // "by team EMEA on brand Acme"
 * formatSource({ user: "ana", everywhere: true, grant: {} }); // "by user ana everywhere"
 * ```
 */
export function formatSource(source: GrantSource | AccountSource, names: SourceNames = (_, id) => showId(id)): string {
  const idOf = (kind: keyof GrantSource) => (isRecord(source) ? ownValue(source as GrantSource, kind) : undefined);
  const phrase = (kinds: readonly ("user" | "team" | "brand" | "connection")[], before: string) => {
    const kind = kinds.find((each) => typeof idOf(each) === "string");
    return kind && `${before} ${kind} ${names(kind, idOf(kind) as string)}`;
  };
  const given = phrase(["user", "team"], "by");
  if (!given) {
    return refuse(at("invalid-grant"), `${showValue(source)} is not a source; expected one of a folded account's`);
  }
  const place = phrase(["brand", "connection"], " on") ?? (idOf("everywhere") === true ? " everywhere" : "");
  return given + place;
}
