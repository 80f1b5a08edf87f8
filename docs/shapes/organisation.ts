import { type AccountGrantInput, definePolicy } from "../../src/index.js";

// The ticks that count on the channels that somebody works on, and those that count in the organisation as a whole.
const posts = ["create-posts", "edit-posts", "delete-posts", "plan-posts", "publish-posts", "approve-posts"] as const;
const reach = ["boost-posts", "tag-posts", "translate-posts", "pin-posts", "edit-profile", "read-reports"] as const;
const inbox = ["read-inbox", "reply-inbox", "assign-inbox", "hide-comments", "ban-visitors", "close-inbox"] as const;
const people = ["invite-people", "remove-people", "edit-roles", "assign-roles", "read-log", "edit-security"] as const;
const money = ["read-billing", "pay-bills", "change-plan", "add-channels", "remove-channels", "edit-brand"] as const;
const library = ["upload-media", "delete-media", "edit-labels", "edit-templates", "edit-calendars"] as const;
const data = ["edit-dashboards", "share-dashboards", "export-data", "manage-keys", "manage-hooks"] as const;
const onChannels = [...posts, ...reach, ...inbox] as const;
const inOrganisation = [...people, ...money, ...library, ...data] as const;

/** Makes an object that has the same kind of entry under each name. */
function forEach<Name extends string, Entry>(names: readonly Name[], entryOf: (name: Name) => Entry) {
  return Object.fromEntries(names.map((name) => [name, entryOf(name)])) as { readonly [N in Name]: Entry };
}

const levels = ["off", "on"] as const;
const ticks = forEach([...onChannels, ...inOrganisation], () => ({ levels, of: "account" }) as const);
const everything = forEach([...onChannels, ...inOrganisation], () => "on" as const);

const policy = definePolicy({
  name: "organisation",
  levels,
  areas: { channel: { levels }, ...ticks },
  roles: { owner: { holds: { channel: "on", ...everything } }, member: {} },
  actions: {
    ...forEach(onChannels, (tick) => ({
      target: "group" as const,
      allow: { and: [{ area: "channel", level: "on" } as const, { area: tick, level: "on" } as const] },
    })),
    ...forEach(inOrganisation, (tick) => ({
      target: "none" as const,
      allow: { area: tick, level: "on" } as const,
    })),
  },
});

type Inferred = typeof policy;
export interface Organisation extends Inferred {}
export const organisation: Organisation = policy;

/** The roles that one customer made. They are rows of your application's database. */
export const customRoles = {
  copywriter: { "create-posts": "on", "edit-posts": "on", "plan-posts": "on", "upload-media": "on" },
  support: { "read-inbox": "on", "reply-inbox": "on", "hide-comments": "on", "close-inbox": "on" },
  accountant: { "read-billing": "on", "pay-bills": "on", "read-log": "on" },
} as const satisfies Record<string, AccountGrantInput<Organisation>>;
