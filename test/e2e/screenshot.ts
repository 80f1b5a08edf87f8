import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "./launch.js";
import { serve } from "./serve.js";

// Writes the picture of the playground that the README shows.

const path = fileURLToPath(new URL("../../docs/playground.png", import.meta.url));
const { url, close } = await serve();
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1120, height: 866 }, colorScheme: "light" });
await page.goto(url);
await page.getByRole("tab", { name: "Compose" }).click();
await page.getByLabel("Worked example of the document").selectOption("Full access and needs approval");
await page.getByText("linkedin sets the level of the group.").waitFor();
await page.screenshot({ path, animations: "disabled" });
await browser.close();
await close();
process.stdout.write(`docs/playground.png: ${Math.ceil(statSync(path).size / 1000)} kB\n`);
