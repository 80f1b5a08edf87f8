import fc from "fast-check";
import { inject } from "vitest";

// Each day draws new cases, the same on every machine, so that a red run can be repeated.
fc.configureGlobal({ seed: inject("seed") });
