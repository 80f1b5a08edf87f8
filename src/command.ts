#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { run } from "./run.js";

process.exitCode = run(process.argv.slice(2), {
  read: (file) => readFileSync(file, "utf8"),
  write: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
  colours: [process.stdout.isTTY, !process.env.NO_COLOR].every(Boolean),
});
