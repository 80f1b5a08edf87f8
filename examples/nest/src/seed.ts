import type { INestApplicationContext } from "@nestjs/common";
import { PrismaClient } from "../generated/client.js";
import { AccessService } from "./access.service.js";

/** Fills an empty database with an organisation of three members, and gives each a session. */
export async function seed(app: INestApplicationContext, organisationId = "redlark") {
  const { organisation, channel, member, grant } = app.get(PrismaClient);
  const of = <Row>(...rows: Row[]) => ({ data: rows.map((row) => ({ organisationId, ...row })) });
  const people = Object.entries({ ada: "admin", eli: "editor", wim: "writer" });
  await organisation.create({ data: { id: organisationId, name: "Redlark" } });
  await channel.createMany(of({ id: "fb", name: "Facebook" }, { id: "ig", name: "Instagram" }));
  await member.createMany(of(...people.map(([id, role]) => ({ id, role }))));
  await grant.createMany(of(...["eli", "wim"].map((userId) => ({ userId, channelId: "fb", level: "write" }))));
  await grant.createMany(of({ userId: "eli", channelId: "ig", level: "view" }));
  const session = async (id: string) => (await app.get(AccessService).createKey(organisationId, id, null)).key;
  return { ada: await session("ada"), eli: await session("eli"), wim: await session("wim") };
}
