import type { TestProject } from "vitest/node";
import { serve } from "./serve.js";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, close } = await serve();
  project.provide("url", url);
  return close;
}
