export { foldTeams } from "./fold-teams.js";
export type { AccountSource, FoldedAccountGrant, FoldedGrant, FoldedTeams, GrantSource } from "./folded-teams.js";
export { formatSource, type SourceNames } from "./format-source.js";
export type { Brand, GrantsByBrand, PlacedGrants, Team, TeamsInput, TeamUser } from "./teams-input.js";
