import { type Browser, chromium } from "playwright-core";

/** Starts Debian's Chromium, or the one that `CHROMIUM` names. */
export function launch(): Promise<Browser> {
  // A browser that root starts has no sandbox.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
}
