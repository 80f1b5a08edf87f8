import { describe, vi } from "vitest";
import { createGrantsNest } from "../../src/nestjs/index.js";
import { describeNest } from "./behaviour.js";

// NestJS 11 is installed in a folder of its own, and here takes the place of the newest.

vi.mock("@nestjs/common", () => vi.importActual("../nest-11/node_modules/@nestjs/common/index.js"));
vi.mock("@nestjs/core", () => vi.importActual("../nest-11/node_modules/@nestjs/core/index.js"));
const common = await import("@nestjs/common");
const core = await import("@nestjs/core");

describe("in NestJS 11 on Express", () => describeNest({ common, core, createGrantsNest }));
