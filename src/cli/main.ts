#!/usr/bin/env node
import { readBeside, readNamed } from "./read-input.js";
import { run, wantsColours } from "./run.js";
import { serveIfAsked } from "./serve.js";
import { failureText, writeOut } from "./write-out.js";

try {
  const colours = wantsColours(Boolean(process.stdout.isTTY), process.env);
  const result = run(process.argv.slice(2), { read: readNamed, readBeside, colours });
  const { code, output, error } = await serveIfAsked(result);
  process.exitCode = code;
  await writeOut(process.stderr, [error]);
  await writeOut(process.stdout, output);
} catch (error) {
  // If something is thrown, Node exits with 1, which would mean a finding.
  process.exitCode = 3;
  await writeOut(process.stderr, [failureText(error)]);
}
