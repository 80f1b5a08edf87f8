import { Body, Controller, Get, Inject, Param, Post, Put } from "@nestjs/common";
import type { GrantInput } from "channel-grants";
import type { Passed } from "channel-grants/http";
import * as z from "zod";
import { AccessService, grantBody } from "./access.service.js";
import { Granted, RequireGrant, type Scheduler } from "./policy.js";
import { type Draft, PostsService, type Post as StoredPost } from "./posts.service.js";

// The revision is the one on the user's screen.
const seen = z.strictObject({ revision: z.int() });
const edit = seen.extend({ text: z.string() });
const answer = seen.extend({ type: z.enum(["approve", "reject", "release"]) });

type Ids = Readonly<Record<"organisation" | "channel" | "member", string>>;
type OnPost = Passed<Scheduler, StoredPost>;
type Grant = GrantInput<Scheduler>;

/** The routes. Each says which action it is, and by which name the guard loads its target. */
@Controller("organisations/:organisation")
export class AppController {
  constructor(
    @Inject(PostsService) private readonly posts: PostsService,
    @Inject(AccessService) private readonly access: AccessService,
  ) {}

  @Get("posts")
  @RequireGrant("posts.list")
  feed(@Param() { organisation }: Ids, @Granted() { user }: Passed<Scheduler>) {
    return this.posts.feed(organisation, user);
  }

  @Get("inbox")
  @RequireGrant("posts.review")
  inbox(@Param() { organisation }: Ids, @Granted() { user }: Passed<Scheduler>) {
    return this.posts.inbox(organisation, user);
  }

  @Post("posts")
  @RequireGrant("posts.write", "draft")
  create(@Param() { organisation }: Ids, @Granted() { user, target }: Passed<Scheduler, Draft>) {
    return this.posts.create(organisation, user.id, target);
  }

  @Put("posts/:post")
  @RequireGrant("posts.write", "post")
  edit(@Granted() { user, target }: OnPost, @Body({ schema: edit }) { revision, text }: z.infer<typeof edit>) {
    return this.posts.send(target, revision, { type: "edit", by: user.id }, text);
  }

  @Post("posts/:post/submission")
  @RequireGrant("posts.write", "post")
  submit(@Granted() { user, target }: OnPost, @Body({ schema: seen }) { revision }: z.infer<typeof seen>) {
    return this.posts.send(target, revision, { type: "submit", by: user.id, steps: [] });
  }

  @Post("posts/:post/answer")
  @RequireGrant("posts.publish", "post")
  answer(@Granted() { user, target }: OnPost, @Body({ schema: answer }) { revision, type }: z.infer<typeof answer>) {
    return this.posts.send(target, revision, { type, by: user.id, revision });
  }

  @Put("channels/:channel/members/:member")
  @RequireGrant("channels.assign", "channel")
  assign(@Param() ids: Ids, @Granted() { user }: Passed<Scheduler>, @Body({ schema: grantBody }) grant: Grant) {
    return this.access.assign(user, ids.organisation, ids.member, ids.channel, grant);
  }

  @Post("keys")
  @RequireGrant("keys.create")
  createKey(@Param() ids: Ids, @Granted() { user }: Passed<Scheduler>, @Body({ schema: grantBody }) cap: Grant) {
    return this.access.createKey(ids.organisation, user.id, cap.posts ?? "none");
  }
}
