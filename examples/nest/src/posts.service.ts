import { ConflictException, Inject, Injectable } from "@nestjs/common";
import { allowedActions, type User } from "channel-grants";
import { type ApprovalEvent, formatRefusal, inbox, type Submission, transition } from "channel-grants/approval";
import { createWords, english } from "channel-grants/words";
import * as z from "zod";
import { Prisma, PrismaClient } from "../generated/client.js";
import { AccessService } from "./access.service.js";
import { grantsSql, policy, type Scheduler } from "./policy.js";

const words = createWords(policy, { language: english });
const include = { channels: { orderBy: { channelId: "asc" } } } as const;
export const draft = z.strictObject({ text: z.string(), publishAt: z.coerce.date(), connections: z.string().array() });
export type Draft = z.infer<typeof draft>;

/** Gives a row as the policy takes it: with its connections. */
const postOf = ({ channels, ...post }: Prisma.PostGetPayload<{ include: typeof include }>) => ({
  ...post,
  connections: channels.map(({ channelId }) => channelId),
});
export type Post = ReturnType<typeof postOf>;

/** Gives a post as the approval flow takes it. */
const submissionOf = ({ connections, author, status, approvedBy, revision }: Post): Submission => {
  const approvals = approvedBy === null ? [] : [{ by: approvedBy }];
  return { connections, author, status: status as Submission["status"], steps: [], approvals, revision };
};

@Injectable()
export class PostsService {
  constructor(
    @Inject(PrismaClient) private readonly prisma: PrismaClient,
    @Inject(AccessService) private readonly access: AccessService,
  ) {}

  async find(organisationId: string, id: string): Promise<Post | undefined> {
    const row = await this.prisma.post.findUnique({ where: { organisationId_id: { organisationId, id } }, include });
    return row ? postOf(row) : undefined;
  }

  /** Lists the posts that a user may view, each with what the user may do: the buttons of a frontend. */
  async feed(organisationId: string, user: User<Scheduler>) {
    const posts = await this.page(organisationId, user, "posts.view");
    return posts.map((post) => ({ ...post, actions: allowedActions(user, post) }));
  }

  /** Lists the posts that wait for a user, each with the answers that the user may give. */
  async inbox(organisationId: string, user: User<Scheduler>) {
    const posts = await this.page(organisationId, user, "posts.publish", Prisma.sql`AND p."status" = 'pending'`);
    const channels = posts.flatMap(({ connections }) => connections);
    const waiting = inbox(await this.access.matrixOn(organisationId, channels), posts.map(submissionOf), user.id);
    return waiting.map(({ index, events }) => ({ ...posts[index], events }));
  }

  async create(organisationId: string, author: string, { connections, ...content }: Draft): Promise<Post> {
    const channels = { create: [...new Set(connections)].map((channelId) => ({ channelId })) };
    return postOf(await this.prisma.post.create({ data: { organisationId, author, ...content, channels }, include }));
  }

  /** Lets an event happen to a post that the guard let pass, if the post is as the user saw it. */
  async send(post: Post, seen: number, event: ApprovalEvent, text = post.text): Promise<Post> {
    const { organisationId, id, connections } = post;
    const result = transition(await this.access.matrixOn(organisationId, connections), submissionOf(post), event);
    if (!result.ok) throw new ConflictException(formatRefusal(result, words));
    const { status, approvals } = result.submission;
    // Every change counts as a revision. Of two at the same moment, one changes the row, and the other finds none.
    const next = { text, status, approvedBy: approvals[0]?.by ?? null, revision: seen + 1 };
    const { count } = await this.prisma.post.updateMany({ where: { organisationId, id, revision: seen }, data: next });
    if (count === 0) throw new ConflictException("The post was changed. Look at it again.");
    return { ...post, ...next };
  }

  /** Reads a page of posts. The database asks about one post after the other until it has enough. */
  private async page(account: string, { id: user }: User, action: "posts.view" | "posts.publish", more = Prisma.empty) {
    const { strings, values } = grantsSql.groupsFor({ account, user, action, only: { column: ["p", "id"] } });
    const found = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT p."id" FROM "Post" p
      WHERE p."organisationId" = ${account} ${more} AND EXISTS (${Prisma.sql(strings, ...values)})
      ORDER BY p."publishAt" LIMIT 50`;
    const where = { organisationId: account, id: { in: found.map(({ id }) => id) } };
    return (await this.prisma.post.findMany({ where, include, orderBy: { publishAt: "asc" } })).map(postOf);
  }
}
