import { at, below, type Place, refuse } from "../core/base/faults.js";
import { showValue } from "../core/base/message.js";
import { readRecord, readString } from "../core/base/readers.js";

/** The members of an object of a request. Members that no reader asks for are ignored. */
export type Members = ReadonlyMap<string, unknown>;

/** A subject or a resource: its id is unique among those of its type. */
export interface Entity {
  readonly type: string;
  readonly id: string;
}

/** A question that names all three. */
export interface Question {
  readonly subject: Entity;
  readonly action: string;
  readonly resource: Entity;
}

/** The place of a whole request. What is wrong with one is answered with 400. */
export const inRequest = /* @__PURE__ */ at("invalid-query");

/** Reads the body of a request as text, or nothing if it is longer than it may be. */
export async function readBody({ body }: Request, mostBytes: number): Promise<string | undefined> {
  if (!body) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
    if (size <= mostBytes) continue;
    // The rest is left to the server. To cancel it would end the connection of some before the answer is sent.
    reader.releaseLock();
    return undefined;
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse(inRequest, "a body that is not UTF-8 is not accepted");
  }
}

/** A request has some five levels; entities may have properties of their own. */
const deepest = 64;

/**
 * Reads a JSON object. A member that is repeated is refused: of two with the same name, a gateway may read the first, and
 * `JSON.parse` reads the last.
 */
export function readMembers(text: string): Members {
  const value = parse(text);
  const open: Set<string>[] = [];
  // The text is JSON, so each quotation mark has its other half, and a string before a colon is a name.
  for (const [token, name, colon] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") open.push(new Set());
    if (open.length > deepest) refuse(inRequest, `a body of more than ${deepest} levels is not accepted`);
    if (token === "}" || token === "]") open.pop();
    if (colon === undefined) continue;
    const names = open.at(-1) as Set<string>;
    const member: string = JSON.parse(name as string);
    if (names.has(member)) refuse(inRequest, `${showValue(member)} is repeated; expected each member once`);
    names.add(member);
  }
  return readRecord(value, inRequest);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(inRequest, "the body is no JSON; expected a JSON object");
  }
}

/** Reads a member that is an object. */
export function readObject(members: Members, place: Place, name: string): Members {
  return readRecord(members.get(name), below(place, name));
}

/** Reads a member that is a string. */
export function readText(members: Members, place: Place, name: string): string {
  const text = readString(members.get(name), below(place, name));
  // A database that takes UTF-8 would be asked for another id.
  if (/\p{Cs}/u.test(text)) refuse(below(place, name), "a string with a lone surrogate is not accepted");
  return text;
}

/** Reads a member that is an object, if it is there. */
export function readOptional(members: Members, place: Place, name: string): Members | undefined {
  return members.has(name) ? readObject(members, place, name) : undefined;
}

/** Reads a type, of what is searched for: an id beside it is ignored. */
export function readType(members: Members, place: Place, name: string): string {
  const entity = readObject(members, place, name);
  readOptional(entity, below(place, name), "properties");
  return readText(entity, below(place, name), "type");
}

/** Reads a subject or a resource. Its properties are not believed. */
export function readEntity(members: Members, place: Place, name: string): Entity {
  const type = readType(members, place, name);
  return { type, id: readText(readObject(members, place, name), below(place, name), "id") };
}

/** Reads the name of an action. */
export function readAction(members: Members, place: Place): string {
  const action = readObject(members, place, "action");
  readOptional(action, below(place, "action"), "properties");
  return readText(action, below(place, "action"), "name");
}

/** Reads a question. */
export function readQuestionIn(members: Members, place: Place): Question {
  const subject = readEntity(members, place, "subject");
  const action = readAction(members, place);
  const resource = readEntity(members, place, "resource");
  readOptional(members, place, "context");
  return { subject, action, resource };
}
