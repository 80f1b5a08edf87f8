import type { ReactNode } from "react";
import { type Grant, type Level, levels, type Post } from "./store.js";

/** Who is logged in, as the frontend knows them: what they hold, by connection. */
export interface Me {
  readonly grants: Readonly<Record<string, Grant>>;
}

export interface PublishBarProps {
  readonly me: Me;
  readonly post: Post;
  readonly levelOf?: typeof groupLevel;
}

/** Shows a button for each thing that the user may do to the post, and no others. */
export function PublishBar({ me, post, levelOf = groupLevel }: PublishBarProps): ReactNode {
  const grants = post.connections.map((connection) => me.grants[connection]);
  const level = levelOf(grants.map((grant) => grant?.publish ?? "no-access"));
  const approver = grants.length > 0 && grants.every((grant) => grant?.approver);
  return (
    <div role="toolbar">
      {level === "full-access" && <button type="submit">Publish now</button>}
      {approver && <button type="submit">Approve</button>}
      {level !== "no-access" && <button type="submit">Duplicate</button>}
    </div>
  );
}

/** Gives the lowest level of a post's connections, where no access beside some access counts as view-only. */
export function groupLevel(held: readonly Level[]): Level {
  const lowest = levels.find((level) => held.includes(level)) ?? "no-access";
  const accessible = held.some((level) => level !== "no-access");
  return lowest === "no-access" && accessible ? "view-only" : lowest;
}
