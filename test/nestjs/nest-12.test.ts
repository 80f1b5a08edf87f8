import * as common from "@nestjs/common";
import * as core from "@nestjs/core";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { describe } from "vitest";
import { createGrantsNest } from "../../src/nestjs/index.js";
import { describeNest } from "./behaviour.js";

describe("in NestJS 12 on Express", () => describeNest({ common, core, createGrantsNest }));
describe("in NestJS 12 on Fastify", () =>
  describeNest({ common, core, createGrantsNest, adapter: () => new FastifyAdapter() }));
