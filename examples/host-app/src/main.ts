import { sample } from "./sample.js";
import { createServer } from "./server.js";

const port = 3000;
createServer(sample).listen(port, () => {
  console.log(`curl -i -X POST -H "x-user: ben" http://localhost:${port}/posts/spring-sale/publish`);
});
