import { defineConfig } from "prisma/config";

// To generate the client, Prisma needs its schema engine to be there, and does not run it. Without a download, any program
// will do. Nor is anybody told that it was generated.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
process.env.CHECKPOINT_DISABLE ??= "1";

export default defineConfig({ schema: "schema.prisma" });
