import type { Text } from "../../core/language/text.js";
import type { PolicyCheck } from "../policies/policy-report.js";

/**
 * A language of the texts about an analysis, as data. The compiler checks that it is complete. It stands apart from the
 * languages of `channel-grants/words`, so that a page that shows decisions does not load it.
 *
 * @example
 * ```ts
 * import { type AnalysisLanguage, englishAnalysis } from "channel-grants/analysis";
 *
 * const shouting: AnalysisLanguage = {
 *   ...englishAnalysis,
 *   texts: { ...englishAnalysis.texts, nobodyAtAll: "NOBODY" },
 * };
 * shouting.locale; // "en-GB"
 * ```
 */
export interface AnalysisLanguage {
  /** The language's tag for `Intl`, which joins lists and chooses plural forms. */
  readonly locale: string;
  readonly texts: AnalysisTexts;
}

/**
 * The texts about an analysis. A text may have the placeholders of the English one. If it is about a number of things, it may
 * be an object of plural forms. The texts named like a check are its titles.
 *
 * @example
 * ```ts
 * import { type AnalysisTexts, germanAnalysis } from "channel-grants/analysis";
 *
 * const texts: AnalysisTexts = germanAnalysis.texts;
 * texts.endsSoon; // "endet bald"
 * ```
 */
export interface AnalysisTexts extends Readonly<Record<PolicyCheck["check"], Text>> {
  // What a grant, a user or a clause is.
  readonly inArea: Text;
  readonly until: Text;
  readonly grantOn: Text;
  readonly grantInAccount: Text;
  readonly holding: Text;
  readonly onGroup: Text;
  readonly asRelated: Text;
  readonly role: Text;
  readonly is: Text;
  readonly isNot: Text;
  readonly atLeast: Text;
  readonly exactly: Text;
  readonly somewhere: Text;
  readonly everywhere: Text;
  /** Joins what must hold together. */
  readonly and: Text;
  /** Joins patterns, any of which will do. */
  readonly or: Text;
  /** Joins a level with its flags. */
  readonly with: Text;
  /** Something, such as an action, and what is said about it. */
  readonly titled: Text;

  // The check of a policy.
  readonly allHold: Text;
  /** The plural form is that of the checks that fail. */
  readonly someFail: Text;
  readonly except: Text;
  readonly byRole: Text;
  /** Levels or flags that no rule tells apart; one flag makes no difference. */
  readonly alike: Text;
  readonly lostOn: Text;
  readonly lostInAccount: Text;
  readonly deniedOnGroup: Text;
  readonly allowedOnGroup: Text;
  readonly notSo: Text;

  // The comparison of policies.
  readonly equal: Text;
  /** `{how}` is one of the three texts below. */
  readonly compared: Text;
  readonly stricter: Text;
  readonly looser: Text;
  readonly different: Text;
  /** What `{which}` is for the first policy, and for the second. */
  readonly first: Text;
  readonly second: Text;
  readonly onlyRole: Text;
  readonly takesGrants: Text;
  readonly takesGrantsInAccount: Text;
  readonly onlyState: Text;
  readonly allowing: Text;
  readonly onlyAction: Text;
  readonly onlyAllowed: Text;
  readonly otherTarget: Text;

  // The diff of matrices.
  /** `{grants}` and `{decisions}` are the two texts below. */
  readonly changes: Text;
  readonly grants: Text;
  readonly decisions: Text;
  readonly user: Text;
  readonly connection: Text;
  readonly becomes: Text;
  readonly changeOn: Text;
  readonly changeInAccount: Text;
  readonly decisionOn: Text;
  readonly decisionOnPost: Text;
  readonly decisionAs: Text;
  readonly somebodyElse: Text;
  readonly leftWithNobody: Text;
  readonly noneLeftToApprove: Text;
  readonly noneLeftToPost: Text;
  readonly stepLost: Text;

  // The migration of grants.
  readonly migration: Text;
  readonly unchanged: Text;
  readonly gains: Text;
  readonly losses: Text;
  readonly areaRenamed: Text;
  readonly areaDropped: Text;
  readonly rankMoved: Text;
  readonly notAfterwards: Text;
  readonly notBefore: Text;
  readonly otherTargetAfterwards: Text;
  readonly gainedBy: Text;
  readonly lostBy: Text;

  // The review of access.
  readonly nobodyApproves: Text;
  readonly nobodyPosts: Text;
  readonly inAccount: Text;
  readonly inWholeAccount: Text;
  readonly endsSoon: Text;
  readonly nothingEndsSoon: Text;
  readonly nothingAtAll: Text;
  readonly nobodyAtAll: Text;
  /** What ends is held in the account as a whole. */
  readonly theAccount: Text;
  /** The heads of columns. */
  readonly columnUser: Text;
  readonly columnRole: Text;
  readonly columnHolds: Text;
  readonly columnThrough: Text;
  readonly columnMay: Text;
  readonly columnUntil: Text;
  readonly columnOn: Text;
}
