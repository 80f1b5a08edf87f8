import { type GrantMatchers, matchers } from "channel-grants/testing";
import { expect } from "vitest";

declare module "vitest" {
  interface Matchers<T> extends GrantMatchers<T> {}
}

expect.extend(matchers);
