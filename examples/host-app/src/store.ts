/** The levels of access to publishing, lowest first, as the database spells them. */
export const levels = ["no-access", "view-only", "needs-approval", "full-access"] as const;

export type Level = (typeof levels)[number];

export interface Grant {
  readonly publish: Level;
  readonly approver: boolean;
}

/** A row of the table "permissions": what one user holds on one connection. */
export interface Permission extends Grant {
  readonly user: string;
  readonly connection: string;
}

/** One message, and the connections that it goes to. */
export interface Post {
  readonly id: string;
  readonly text: string;
  readonly connections: readonly string[];
}

/** Stands for the database. */
export interface Store {
  readonly permissions: readonly Permission[];
  readonly posts: Map<string, Post>;
}

const none: Grant = { publish: "no-access", approver: false };

/** Finds what a user holds on each connection of a post. */
export function grantsOn({ permissions }: Store, user: string, { connections }: Post): readonly Grant[] {
  const own = permissions.filter((row) => row.user === user);
  return connections.map((connection) => own.find((row) => row.connection === connection) ?? none);
}
