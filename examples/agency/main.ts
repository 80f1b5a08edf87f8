import { readFileSync } from "node:fs";
import {
  type Buffer,
  buffer,
  createMatrix,
  type Engage,
  engage,
  type GrantMatrix,
  type UserInput,
} from "channel-grants";
import { printBufferStory, printEngageStory } from "./approval.js";
import { printOwner, printQueues } from "./buffer.js";
import { printAssignUsers, printPosts, printRefusals, printWorkedExamples } from "./engage.js";
import { label, type NameOf, type Post, type PostOf, printHeading, printTable, printText } from "./tables.js";

/** The file. The library knows ids alone; names, titles, brands and networks are this application's. */
interface Agency {
  readonly organisation: { readonly name: string; readonly about: string };
  readonly connections: readonly Connection[];
  readonly people: readonly Person[];
  readonly posts: readonly Post[];
  readonly engage: { readonly users: readonly UserInput<Engage>[] };
  readonly buffer: { readonly users: readonly UserInput<Buffer>[] };
}

interface Connection {
  readonly id: string;
  readonly network: string;
  readonly brand: string;
}

interface Person {
  readonly id: string;
  readonly name: string;
  readonly title: string;
}

// Only claimed here: createMatrix checks every user and grant, and ids that belong to nothing are refused below.
const agency = JSON.parse(readFileSync(new URL("agency.json", import.meta.url), "utf8")) as Agency;

const connections = agency.connections.map(({ id }) => id);
const engageMatrix = createMatrix(engage, { users: agency.engage.users, connections });
const bufferMatrix = createMatrix(buffer, { users: agency.buffer.users, connections });
checkConnections([...engageMatrix.connections(), ...bufferMatrix.connections()]);
checkConnections(agency.posts.flatMap((post) => post.connections));

const names = new Map(agency.people.map(({ id, name }) => [id, name]));
const nameOf: NameOf = (userId) => {
  const name = names.get(userId);
  if (name !== undefined) return name;
  throw new Error(`agency.json gives no name for the user "${userId}"`);
};
for (const id of [...engageMatrix.users(), ...bufferMatrix.users()]) nameOf(id);

const postOf: PostOf = (postId) => {
  const post = agency.posts.find(({ id }) => id === postId);
  if (post) return post;
  throw new Error(`agency.json has no post "${postId}"`);
};

printAgency();
printWorkedExamples();
printPosts(engageMatrix, agency.posts, nameOf);
printAssignUsers(engageMatrix, "ig-quillmoor", nameOf);
printRefusals(engageMatrix, postOf, nameOf);
printEngageStory(engageMatrix, postOf("winter-blend"), nameOf);
printQueues(bufferMatrix, agency.posts, nameOf);
printOwner(bufferMatrix, { owner: "ingrid", secondLogin: "ingrid-posts", post: postOf("winter-blend") }, nameOf);
printBufferStory(bufferMatrix, postOf("heat-pumps"), nameOf);

function printAgency(): void {
  const { organisation, people, posts } = agency;
  const brands = [...new Set(agency.connections.map(({ brand }) => brand))];
  const networks = [...new Set(agency.connections.map(({ network }) => network))];
  printHeading(organisation.name);
  printText(
    `${organisation.about}.`,
    `${engageMatrix.users().length} people, ${brands.length} brands, ` +
      `${connections.length} connections on ${networks.length} networks, ${posts.length} posts.`,
  );
  printTable(
    [
      { title: "Person", width: 23 },
      { title: "Who that is", width: 42 },
      { title: "Engage role", width: 13 },
      { title: "Buffer role", width: 13 },
    ],
    people.map(({ id, name, title }) => [name, title, roleOf(engageMatrix, id), roleOf(bufferMatrix, id)]),
    { compact: true },
  );
  printTable(
    [{ title: "Brand", width: 19 }, ...networks.map((title) => ({ title, width: 14 }))],
    brands.map((brand) => [
      brand,
      ...networks.map(
        (network) => agency.connections.find((one) => one.brand === brand && one.network === network)?.id ?? "",
      ),
    ]),
    { compact: true },
  );
}

function roleOf(matrix: GrantMatrix<Engage> | GrantMatrix<Buffer>, userId: string): string {
  return matrix.users().includes(userId) ? label(matrix.user(userId).role) : "no login";
}

/** Refuses ids that the agency does not list: a misspelt one would otherwise pass as one more connection. */
function checkConnections(ids: readonly string[]): void {
  const unknown = ids.find((id) => !connections.includes(id));
  if (unknown !== undefined) throw new Error(`agency.json uses the connection "${unknown}" but does not list it`);
}
