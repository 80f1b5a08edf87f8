import fc from "fast-check";

// In CI every run draws the same cases, so that what turns it red is the change and not chance. Elsewhere each run draws
// new ones; a failure prints its seed.
if (process.env.CI) fc.configureGlobal({ seed: 20_261_122 });
