import "reflect-metadata";
import { afterAll, expect, it } from "vitest";
import { createApplication } from "../src/app.module.js";
import { PostsService } from "../src/posts.service.js";
import { seed } from "../src/seed.js";

const app = await createApplication();
const sessions: Readonly<Record<string, string>> = await seed(app);
await seed(app, "other");
await app.listen(0, "localhost");
afterAll(() => app.close());

/** Sends a request as a member, or with a key. */
async function call(by: string, route: string, sent?: object, organisation = "redlark") {
  const [method = "", path] = route.split(" ");
  const headers = { authorization: `Bearer ${sessions[by] ?? by}`, "content-type": "application/json" };
  const init = { method, headers, ...(sent && { body: JSON.stringify(sent) }) };
  const response = await fetch(`${await app.getUrl()}/organisations/${organisation}${path}`, init);
  return { status: response.status, body: (await response.json()) as Body & readonly Body[] };
}
type Body = Readonly<Record<"id" | "key" | "text" | "message", string>> & { readonly actions: readonly string[] };

const draft = (...connections: string[]) => ({ text: "Fresh bread!", publishAt: "2030-01-01T08:00:00Z", connections });
const write = async (by: string, ...on: string[]) => (await call(by, "POST /posts", draft(...on))).body.id;
const send = (by: string, id: string, what: string, sent: object) => call(by, `POST /posts/${id}/${what}`, sent);
const answer = (by: string, id: string, revision: number, type: string) => send(by, id, "answer", { revision, type });

it("a writer's post waits in the inbox of an editor, and goes out after the approval", async () => {
  const id = await write("wim", "fb");
  expect((await answer("wim", id, 0, "release")).status).toBe(403);
  expect((await send("wim", id, "submission", { revision: 0 })).body).toMatchObject({ status: "pending" });
  expect((await answer("eli", id, 1, "release")).body.message).toBe("The status of the post does not allow this.");
  expect((await call("wim", "GET /inbox")).status).toBe(403);
  expect((await call("eli", "GET /inbox")).body).toMatchObject([{ id, events: ["approve", "reject", "edit"] }]);
  expect((await answer("eli", id, 1, "approve")).body).toMatchObject({ status: "approved", approvedBy: "eli" });
  expect((await answer("ada", id, 2, "release")).body).toMatchObject({ status: "released" });
});

it("of two answers at the same moment one counts, and none to a text that was edited since", async () => {
  const id = await write("wim", "fb");
  const { body: edited } = await call("wim", `PUT /posts/${id}`, { revision: 0, text: "Cake!" });
  expect([edited.text, (await answer("eli", id, 0, "release")).status]).toEqual(["Cake!", 409]);
  const release = (by: string) => app.get(PostsService).send(edited as never, 1, { type: "release", by, revision: 1 });
  const both = await Promise.allSettled([release("eli"), release("ada")]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

it("a key writes for its owner, who does not approve it, and it publishes nothing and makes no key", async () => {
  const key = (await call("eli", "POST /keys", { posts: "write" })).body.key;
  const id = await write(key, "fb");
  expect((await answer(key, id, 0, "release")).status).toBe(403);
  expect((await send(key, id, "submission", { revision: 0 })).body).toMatchObject({ author: "eli", status: "pending" });
  expect((await answer("eli", id, 1, "approve")).status).toBe(409);
  expect((await call(key, "POST /posts", draft("fb", "ig"))).status).toBe(403);
  expect((await call(key, "POST /keys", { posts: "view" })).status).toBe(403);
});

it("a feed has the posts whose every channel its reader may view, with what the reader may do", async () => {
  const ids = [await write("ada", "fb"), await write("ada", "ig"), await write("ada", "fb", "ig")];
  const feed = async (by: string) => {
    const { body } = await call(by, "GET /posts");
    return ids.map((id) => body.find((post) => post.id === id)?.actions.includes("posts.publish"));
  };
  expect(await feed("eli")).toEqual([true, false, false]);
  expect(await feed("wim")).toEqual([false, undefined, undefined]);
});

it("nobody gives more than they have, or takes more away", async () => {
  const give = async (by: string, to: string, on: string, posts: string) =>
    (await call(by, `PUT /channels/${on}/members/${to}`, { posts })).status;
  expect(await give("eli", "wim", "ig", "write")).toBe(403);
  expect(await give("eli", "wim", "ig", "view")).toBe(200);
  expect(await give("wim", "wim", "ig", "view")).toBe(403);
  expect(await give("ada", "nobody", "ig", "view")).toBe(404);
  expect(await give("eli", "ada", "ig", "view")).toBe(409);
  expect(await give("ada", "wim", "ig", "write")).toBe(200);
  expect(await give("eli", "wim", "ig", "none")).toBe(403);
});

it("who has no key of the organisation is nobody; what does not exist is 404, or nobody's; a wrong form is 400", async () => {
  expect((await call("nobody", "GET /posts")).status).toBe(401);
  expect((await call("ada", "GET /posts", undefined, "other")).status).toBe(401);
  expect((await answer("ada", "nothing", 0, "approve")).status).toBe(404);
  expect((await call("ada", "POST /posts", draft("unknown"))).status).toBe(403);
  expect((await call("ada", "POST /posts", { text: 1 })).status).toBe(400);
});
