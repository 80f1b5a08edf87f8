/**
 * A text of a language, with placeholders in braces: `"{user} can {action}."`.
 *
 * If the language needs several forms, it is an object of them, and they may lie inside each other: `you` and `they` for the
 * user who reads and for others, `short` and `long` for a tooltip and a paragraph, or the plural forms of
 * `Intl.PluralRules` for the language.
 *
 * @example
 * ```ts
 * import type { Text } from "channel-grants/words";
 *
 * const more: Text = { one: "{count} other", other: "{count} others" };
 * const has: Text = { you: "you have {holds}", they: "{user} has {holds}" };
 * [more, has].length; // 2
 * ```
 */
export type Text =
  | string
  | { readonly you: Text; readonly they: Text }
  | { readonly short: Text; readonly long: Text }
  | ({ readonly other: Text } & { readonly [Form in Exclude<Intl.LDMLPluralRule, "other">]?: Text });
