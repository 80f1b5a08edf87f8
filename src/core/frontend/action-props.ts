import type { ActionOf, GroupOf, Policy } from "../types/index.js";

/**
 * An action, and its target if it has one, as properties: for components of your own that ask as `Can` does.
 *
 * @example
 * ```ts
 * import type { Engage } from "channel-grants";
 * import type { ActionProps } from "channel-grants/react"; // or "channel-grants/vue"
 *
 * const props: ActionProps<Engage> = { do: "publish.select", on: "fb" };
 * props.on; // "fb"
 * ```
 */
export type ActionProps<P extends Policy = Policy> =
  | { readonly do: ActionOf<P, "none">; readonly on?: undefined }
  | { readonly do: ActionOf<P, "connection">; readonly on: string }
  | { readonly do: ActionOf<P, "group">; readonly on: GroupOf<P> };
