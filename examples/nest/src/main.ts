import "reflect-metadata";
import { createApplication } from "./app.module.js";
import { seed } from "./seed.js";

const app = await createApplication();
const { wim, eli } = await seed(app);
await app.listen(process.env.PORT ?? 3000, "localhost");
const posts = `${await app.getUrl()}/organisations/redlark/posts`;
const draft = JSON.stringify({ text: "Fresh bread!", publishAt: "2030-01-01T08:00:00Z", connections: ["fb"] });
console.log(`Wim, a writer, writes a post for Facebook. Eli, an editor, sees it, and what may be done with it:

curl -H "Authorization: Bearer ${wim}" --json '${draft}' ${posts}
curl -H "Authorization: Bearer ${eli}" ${posts}
`);
