import { fileURLToPath } from "node:url";
import { build, preview } from "vite";

/** Builds the page, and serves what was built on a free port. */
export async function serve(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const root = fileURLToPath(new URL("../../examples/playground", import.meta.url));
  await build({ root, logLevel: "error" });
  const server = await preview({ root, logLevel: "error", preview: { host: "127.0.0.1", port: 0, open: false } });
  const [url] = server.resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error("the page is not served");
  return { url, close: () => server.close() };
}
