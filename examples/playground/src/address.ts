import { createMatrix, definePolicy, type Policy } from "channel-grants";
import { matrixSchema, policySchema, submissionSchema } from "channel-grants/schema";
import { compressToEncodedURIComponent, decompressFromEncodedURIComponent } from "lz-string";
import * as z from "zod";
import { type Case, type Choice, morning, settle, type Tab, tabs } from "./case.js";
import { absenceFault } from "./instants.js";
import { type Reading, readText, readValue } from "./reading.js";
import { beginnings } from "./samples.js";

/** What a link shows: one case, and a page to look at it. */
export interface View {
  readonly tab: Tab;
  readonly choice: Choice;
  readonly shown: Case;
  /** The policy as it is drawn, where it is another than the one in use. */
  readonly sketch?: string | undefined;
}

/** The longest address that is read: what it can be unpacked into grows with its square. */
const longest = 32_000;

/** The longest text in an address that is read: beyond it, a short link could be a bomb. */
const longestText = 200_000;

/** Writes a link, if the case is not too large for one. */
export function writeAddress({ tab, choice, shown, sketch }: View): string | undefined {
  const { policy, saved, staged, area, connection, post, viewer, submission, log, standIns, now } = shown;
  const written = {
    tab,
    policy: choice === "own" ? policy : choice,
    account: saved,
    staged: staged === saved ? undefined : staged,
    look: { area, connection, viewer, post },
    submission,
    log,
    standIns,
    now,
    sketch,
  };
  const text = JSON.stringify(written);
  if (text.length > longestText) return undefined;
  const hash = `#${compressToEncodedURIComponent(text)}`;
  return hash.length > longest ? undefined : hash;
}

/** Reads a link. It may come from anybody, so everything in it is checked before it is used. */
export function readAddress(hash: string): Reading<View> {
  const tooLong = { ok: false, faults: [{ path: "", message: "The link is too long to be read." }] } as const;
  if (hash.length > longest) return tooLong;
  const text = unpack(hash.replace(/^#/, ""));
  if (text.length > longestText) return tooLong;
  const outer = readText(text, outerSchema);
  if (!outer.ok) return outer;
  const { tab, policy: named } = outer.value;
  const choice = typeof named === "string" ? named : "own";
  const policy = typeof named === "string" ? beginnings[named].policy : definePolicy(named);
  const inner = readValue(outer.value, innerSchema(policy));
  if (!inner.ok) return inner;
  const { account, staged, look, submission, log, standIns, now, sketch } = inner.value;
  const saved = createMatrix(policy, account, { at: now });
  const changed = staged ? createMatrix(policy, staged, { at: now }) : saved;
  if (!sameLists(saved.users(), changed.users()) || !sameLists(saved.connections(), changed.connections())) {
    return { ok: false, faults: [{ path: "staged", message: "What is staged is of another account." }] };
  }
  return {
    ok: true,
    value: {
      tab,
      choice,
      shown: settle({ policy, saved, staged: changed, ...look, submission, log, standIns, now }),
      ...(sketch !== undefined && { sketch }),
    },
  };
}

/** Unpacks a text; noise is unpacked into noise, and some of it into nothing. */
function unpack(packed: string): string {
  try {
    return decompressFromEncodedURIComponent(packed) ?? "";
  } catch {
    return "";
  }
}

const outerSchema = z.looseObject({
  tab: z.enum(tabs),
  policy: z.union([z.enum(["engage", "buffer"]), policySchema]),
});

const users = z.array(z.string());
const steps = z.array(z.union([users, z.strictObject({ of: users, needs: z.int().min(1) })]));
const logSchema = z.array(
  z.strictObject({
    by: z.string().optional(),
    event: z.enum(["draft", "submit", "approve", "reject", "withdraw", "edit", "reassign", "release", "auto-release"]),
    asked: steps.optional(),
    at: z.string().optional(),
    status: z.enum(["draft", "pending", "approved", "released"]).optional(),
    refusal: z.string().optional(),
  }),
);

// To the millisecond, as the page writes them: these compare as texts do.
const instant = z.iso.datetime({ precision: 3 });
const absence = z
  .strictObject({ for: z.string(), by: z.string(), from: instant.exactOptional(), until: instant.exactOptional() })
  .refine((each) => absenceFault(each) === undefined, { error: "This is no stand-in." });

function innerSchema(policy: Policy) {
  return z.object({
    account: matrixSchema(policy),
    staged: matrixSchema(policy).optional(),
    look: z.strictObject({
      area: z.string(),
      connection: z.string(),
      viewer: z.string(),
      post: z.strictObject({
        author: z.string(),
        connections: z.array(z.string()),
        related: z.array(z.tuple([z.string(), users])).optional(),
      }),
    }),
    submission: (policy.approval ? submissionSchema(policy) : z.undefined()).optional(),
    log: logSchema,
    // Links from before there were stand-ins have neither.
    standIns: z.array(absence).default([]),
    now: instant.default(morning),
    sketch: z.string().optional(),
  });
}

function sameLists(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, place) => id === other[place]);
}
