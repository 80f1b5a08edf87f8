import { createHash, randomBytes } from "node:crypto";
import { ConflictException, ForbiddenException, Inject, Injectable, NotFoundException } from "@nestjs/common";
import { beyond, type GrantInput, limit, type User } from "channel-grants";
import { grantSchema } from "channel-grants/schema";
import type { RowsQuery } from "channel-grants/sql";
import { PrismaClient } from "../generated/client.js";
import { grantsSql, policy, type Scheduler } from "./policy.js";

export const grantBody = grantSchema(policy);
const hashOf = (secret: string) => createHash("sha256").update(secret).digest("hex");

/** Members, what they hold, and their keys. */
@Injectable()
export class AccessService {
  constructor(@Inject(PrismaClient) private readonly prisma: PrismaClient) {}

  /** Finds the member to whom a key belongs, who may do no more with it than the key allows. */
  async userOf(organisationId: string, authorization = ""): Promise<User<Scheduler> | undefined> {
    const hash = hashOf(authorization.replace(/^Bearer /, ""));
    const key = await this.prisma.apiKey.findUnique({ where: { hash, organisationId } });
    if (!key) return undefined;
    const user = await this.load(grantsSql.loadUser({ account: organisationId, user: key.userId }));
    return user && key.level !== null ? limit(user, { grants: grantBody.parse({ posts: key.level }) }) : user;
  }

  /** Loads all members with what they hold on some channels: enough for every decision about those. */
  matrixOn(account: string, connections: readonly string[]) {
    return this.load(grantsSql.loadMatrix({ account, connections }));
  }

  /** Gives a member a grant on a channel in place of the one before. Nobody gives more than they have, or takes more away. */
  async assign(by: User<Scheduler>, account: string, user: string, connection: string, grant: GrantInput<Scheduler>) {
    const matrix = await this.matrixOn(account, [connection]);
    if (!matrix.users().includes(user)) throw new NotFoundException("There is no such member.");
    if (matrix.user(user).role === "admin") throw new ConflictException("An admin holds every channel.");
    const more = { ...beyond(by, connection, matrix.grant(user, connection)), ...beyond(by, connection, grant) };
    if (Object.keys(more).length > 0) throw new ForbiddenException({ message: "You do not hold this yourself.", more });
    const { strings, values } = grantsSql.assign({ account, user, connection, grant });
    await this.prisma.$executeRaw(strings, ...values);
    return { user, connection, grant };
  }

  /** Makes a key, which is told once. Without a level it is a session: whoever has it may do what the member may. */
  async createKey(organisationId: string, userId: string, level: string | null) {
    const key = randomBytes(24).toString("base64url");
    await this.prisma.apiKey.create({ data: { hash: hashOf(key), organisationId, userId, level } });
    return { key };
  }

  private async load<Result>({ strings, values, read }: RowsQuery<Result>): Promise<Result> {
    return read(await this.prisma.$queryRaw<unknown[]>(strings, ...values));
  }
}
