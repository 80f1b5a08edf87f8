import express, { type Express, type RequestHandler } from "express";
import { type Grant, grantsOn, type Post, type Store } from "./store.js";

/** Decides by what a user holds on each connection of a post. */
type Rule = (grants: readonly Grant[]) => boolean;

export interface Rules {
  readonly publish: Rule;
  readonly approve: Rule;
  readonly duplicate: Rule;
}

/** The team's rules, written by hand. `every` is true where there is no connection at all, hence the lengths. */
export const rules: Rules = {
  publish: (grants) => grants.length > 0 && grants.every(({ publish }) => publish === "full-access"),
  approve: (grants) => grants.length > 0 && grants.every(({ approver }) => approver),
  duplicate: (grants) => grants.some(({ publish }) => publish !== "no-access"),
};

/** Makes the server: a route for each thing that can be done to a post. */
export function createServer(store: Store, { publish, approve, duplicate }: Rules = rules): Express {
  const server = express();
  server.post(
    "/posts/:id/publish",
    route(store, publish, (post) => ({ published: post.id })),
  );
  server.post(
    "/posts/:id/approve",
    route(store, approve, (post) => ({ approved: post.id })),
  );
  server.post(
    "/posts/:id/duplicate",
    route(store, duplicate, (post) => {
      const copy = { ...post, id: `post-${store.posts.size + 1}` };
      store.posts.set(copy.id, copy);
      return { duplicated: copy.id };
    }),
  );
  return server;
}

/** Acts on the post of a request, if its user may. */
function route(store: Store, allows: Rule, act: (post: Post) => object): RequestHandler<{ id: string }> {
  return (request, response) => {
    const post = store.posts.get(request.params.id);
    if (!post) {
      response.sendStatus(404);
      return;
    }
    // The proxy in front has checked the session, and says whose it is.
    const user = request.get("x-user") ?? "";
    if (!allows(grantsOn(store, user, post))) {
      response.sendStatus(403);
      return;
    }
    response.json(act(post));
  };
}
