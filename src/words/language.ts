import type { RefusalReason } from "../approval/machine/refusal.js";
import type { Text } from "../core/language/text.js";

/**
 * A language, as data: the texts about decisions, and about refusals of the approval flow. The compiler checks that it is
 * complete, and `createWords` that each text has the plural forms of the language and no placeholder that it does not know.
 *
 * @example
 * ```ts
 * import { english, type Language } from "channel-grants/words";
 *
 * const british: Language = { ...english, locale: "en-GB", refusals: { ...english.refusals, expired: "Too late, sorry." } };
 * british.locale; // "en-GB"
 * ```
 */
export interface Language {
  /** The language's tag for `Intl`, which joins lists, writes numbers and chooses plural forms. */
  readonly locale: string;
  readonly decisions: DecisionTexts;
  readonly refusals: RefusalTexts;
}

/**
 * The texts about a decision. Each may have the placeholders `{user}` and `{action}`, and those that are named with it.
 *
 * @example
 * ```ts
 * import { type DecisionTexts, english } from "channel-grants/words";
 *
 * const texts: DecisionTexts = english.decisions;
 * texts.emptyGroup; // "no connection is chosen"
 * ```
 */
export interface DecisionTexts {
  /** A yes without connections. */
  readonly allowed: Text;
  /** A yes on `{connections}`. */
  readonly allowedOn: Text;
  /** A no without connections, and `{why}`. */
  readonly denied: Text;
  /** A no on `{connections}`, and `{why}`. */
  readonly deniedOn: Text;
  /** The no of React before the user is loaded. */
  readonly notLoaded: Text;
  /** Why: the post group has no connection. */
  readonly emptyGroup: Text;
  /** Why: it takes one of the `{roles}`. */
  readonly role: Text;
  /** Why: it takes one of the `{roles}`, which the user has, but is limited to what needs no role. */
  readonly roleLimited: Text;
  /** Why: it is for those who are in one of the `{relations}` to the post. */
  readonly relation: Text;
  /** Why: it is not for those who are in one of the `{relations}` to the post. */
  readonly notRelation: Text;
  /** Why: the account has no connection. */
  readonly noConnection: Text;
  /** Why: what is asked about is no connection of the account, in the plural form of the number of connections. */
  readonly unknown: Text;
  /** Why: what the role holds in `{area}` is fixed. */
  readonly fixed: Text;
  /** Why: the user holds nothing in `{area}`. */
  readonly nothing: Text;
  /**
   * Why: what the user needs on `{connections}`, and `{has}` now. `{needs}` names the area only if there are several,
   * `{needsIn}` always. The plural form is that of the number of connections, or of one if any of them will do: these are joined by "or".
   */
  readonly change: Text;
  /** Why: what the user needs in the account, `{needs}` or `{needsIn}`, and `{has}` now. */
  readonly account: Text;
  /** What the user has now: `{holds}` or, with the area, `{holdsIn}`. */
  readonly has: Text;
  /** The same, if what the user is limited to is in the way. */
  readonly hasLimited: Text;
  /** Why: the `{first}` thing to change, and the `{next}`, both of which are needed. */
  readonly also: Text;
  /** The end of a list of changes: `{count}` more, which are two at least. */
  readonly moreChanges: Text;
  /** The end of a list of names: `{count}` more, which are two at least. */
  readonly more: Text;
  /** A `{level}` with its `{flags}`. */
  readonly withFlags: Text;
  /** A `{state}` in its `{area}`. */
  readonly inArea: Text;
  /** How the `{name}` of an action, area, level, flag or role stands in a sentence, such as in quotation marks. */
  readonly name: Text;
}

/**
 * The texts about a refusal, by its reason. Each may have the placeholders `{user}`, `{for}` and `{decision}`, which is the
 * sentence about the missing right. `"stand-in"` puts the `{refusal}` of a user who stands in for another.
 *
 * @example
 * ```ts
 * import { english, type RefusalTexts } from "channel-grants/words";
 *
 * const texts: RefusalTexts = english.refusals;
 * texts["not-author"]; // "Only the author of the post can do this."
 * ```
 */
export type RefusalTexts = { readonly [Reason in RefusalReason | "stand-in"]: Text };
