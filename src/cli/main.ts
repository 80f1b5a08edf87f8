#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { inputOf } from "./files.js";
import { run, wantsColours } from "./run.js";

for (const stream of [process.stdout, process.stderr]) {
  // Whoever reads, as head does, may have read enough.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = run(process.argv.slice(2), {
  read: (file) => readFileSync(inputOf(file), "utf8"),
  write: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
  colours: wantsColours(Boolean(process.stdout.isTTY), process.env),
});
