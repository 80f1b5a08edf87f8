import { at } from "../core/base/faults.js";
import { readString } from "../core/base/readers.js";
import { can } from "../core/decisions/can.js";
import type { GroupOf, Policy, TargetOf, User } from "../core/types/index.js";
import { connectionsOf, holdingsOf } from "../core/users/holdings.js";
import type { Ask } from "./evaluations.js";
import type { Lookup } from "./lookup.js";
import { pageOf, readPage } from "./page.js";
import type { CheckedOptions } from "./read-options.js";
import { inRequest, type Members, readAction, readEntity, readOptional, readType } from "./read-request.js";

/** Reads a search for the users who may do an action. */
export function readSubjectSearch(members: Members, { types, mostResults }: CheckedOptions): Ask {
  const type = readType(members, inRequest, "subject");
  const action = readAction(members, inRequest);
  const resource = readEntity(members, inRequest, "resource");
  const page = readSearch("subject", members);
  return async (lookup) => {
    const found = await lookup.targetOf(action, resource);
    const isKnown = type === types.user && !found.unknown;
    const ids = isKnown ? (await lookup.account()).usersFor(action, ...targetOf(found.target)) : [];
    return pageOf(entitiesOf(type, ids), page, mostResults);
  };
}

/** Reads a search for what a user may do an action on. */
export function readResourceSearch(members: Members, options: CheckedOptions, request: Request): Ask {
  const subject = readEntity(members, inRequest, "subject");
  const action = readAction(members, inRequest);
  const type = readType(members, inRequest, "resource");
  const page = readSearch("resource", members);
  return async (lookup) => {
    const user = await lookup.userOf(subject);
    const isAsked = user !== undefined && options.engine.actions.has(action);
    const ids = isAsked ? await resourcesFor(user, action, type, lookup, options, request) : [];
    return pageOf(entitiesOf(type, ids), page, options.mostResults);
  };
}

/** Reads a search for what a user may do with a resource. */
export function readActionSearch(members: Members, { engine, mostResults }: CheckedOptions): Ask {
  const subject = readEntity(members, inRequest, "subject");
  const resource = readEntity(members, inRequest, "resource");
  const page = readSearch("action", members);
  return async (lookup) => {
    const user = await lookup.userOf(subject);
    const results: { readonly name: string }[] = [];
    for (const name of user === undefined ? [] : engine.actions.keys()) {
      const found = await lookup.targetOf(name, resource);
      if (!found.unknown && isAllowed(user as User, name, found.target)) results.push({ name });
    }
    return pageOf(results, page, mostResults);
  };
}

function readSearch(kind: string, members: Members) {
  readOptional(members, inRequest, "context");
  return readPage(kind, members);
}

async function resourcesFor(
  user: User,
  action: string,
  type: string,
  lookup: Lookup,
  { types, account, engine, listGroups }: CheckedOptions,
  request: Request,
): Promise<readonly string[]> {
  if (type === types.group) {
    if (!listGroups || engine.actions.get(action)?.target !== "group") return [];
    const ids: string[] = [];
    for await (const [id, group] of await listGroups({ user, action }, request)) {
      if (isAllowed(user, action, group)) ids.push(readString(id, at("wrong-target"), "a group's id"));
    }
    return ids;
  }
  // A user may do nothing on a connection that it does not know (law 1). Of another type, one resource is asked about.
  const candidates = type === types.connection ? [...connectionsOf(holdingsOf(user))] : [account];
  const ids: string[] = [];
  for (const id of candidates) {
    const found = await lookup.targetOf(action, { type, id });
    if (!found.unknown && isAllowed(user, action, found.target)) ids.push(id);
  }
  return ids;
}

function isAllowed(user: User, action: string, target: unknown): boolean {
  return can(user, action, ...targetOf(target));
}

function targetOf(target: unknown): TargetOf<Policy, string> {
  return [target as GroupOf<Policy>] as unknown as TargetOf<Policy, string>;
}

function entitiesOf(type: string, ids: readonly string[]) {
  return ids.map((id) => ({ type, id }));
}
