/** A change that no test can notice, and why: the whole line before and after it. */
export interface Equivalent {
  readonly room: string;
  readonly line: string;
  readonly becomes: string;
  readonly why: string;
}

/** Every mutant that is known to change nothing that anybody could see. */
export const equivalents: readonly Equivalent[] = [
  {
    room: "testing/arbitraries/accounts.ts",
    line: "entries: fc.uniqueArray(fc.tuple(fc.constantFrom(...connections), grants(policy)), {\n        selector: ([connection]) => connection,\n        maxLength: connections.length,\n      }),",
    becomes: "entries: fc.uniqueArray(fc.tuple(fc.constantFrom(...connections), grants(policy)), {}),",
    why: "of two grants on a connection the last counts: all users are still drawn, if not as often",
  },
  {
    room: "core/base/message.ts",
    line: "} catch {\n    // A proxy that was revoked is neither.\n    return false;\n  }",
    becomes: "} catch {}",
    why: "undefined is as good a no as false",
  },
  {
    room: "core/decisions/explain.ts",
    line: "if (known) return known;",
    becomes: "if (false) return known;",
    why: "it only saves working the same change out again: equal blockers need not be one object",
  },
  {
    room: "core/decisions/explain.ts",
    line: "const higher = serving.find((state) => levelOf(state, area) > rank);",
    becomes: "const higher = serving.find((state) => levelOf(state, area) >= rank);",
    why: "a state at the same level that will do was found before",
  },
  {
    room: "approval/flow.ts",
    line: 'const named = account.approval.approvers === "named" ? [approversOf(account, read).slice(0, 1)] : [];',
    becomes: 'const named = account.approval.approvers === "named" ? [approversOf(account, read)] : [];',
    why: "where one can be asked, all can be, and to ask one takes less time; histories choose anew whom they ask",
  },
  {
    room: "core/base/freeze.ts",
    line: 'if (typeof value === "object" && value !== null) {',
    becomes: 'if (typeof value === "object" && true) {',
    why: "there is no null in what the library hands out",
  },
  {
    room: "core/matrix/create-matrix.ts",
    line: "return { users: users ?? [], connections };",
    becomes: 'return { users: users ?? ["Stryker was here"], connections };',
    why: "where the users could not be read, the matrix is thrown away with the fault",
  },
  {
    room: "core/matrix/create-matrix.ts",
    line: "const without = number === undefined ? row : withoutConnection(row, number);",
    becomes: "const without = false ? row : withoutConnection(row, number);",
    why: "no row has anything on a connection without a number",
  },
  {
    room: "core/users/unloaded-user.ts",
    line: "fixed: false,",
    becomes: "fixed: true,",
    why: "whether a role is fixed is asked about known connections, and nobody knows any",
  },
  {
    room: "core/users/unloaded-user.ts",
    line: 'return admit({ engine, id: "", role, held: new Map(), account: undefined });',
    becomes: 'return admit({ engine, id: "Stryker was here!", role, held: new Map(), account: undefined });',
    why: "its id stands in no answer: a decision about nobody says that the user is not loaded",
  },
  {
    room: "testing/arbitraries/policies.ts",
    line: "} catch {\n    return undefined;\n  }",
    becomes: "} catch {}",
    why: "a function that returns nothing returns undefined",
  },
  ...["group", "connection"].map((kind) => ({
    room: "sql/queries.ts",
    line: `meetsRule(context, action, "${kind}")`,
    becomes: 'meetsRule(context, action, "")',
    why: "a condition on rows reads alike for each kind of target that has rows",
  })),
  {
    room: "testing/arbitraries/policies.ts",
    line: "{ minKeys: 1, maxKeys: 5, noNullPrototype: true },",
    becomes: "{ minKeys: 1, maxKeys: 5, noNullPrototype: false },",
    why: "definePolicy copies what it is given",
  },
  ...["false", 'target === ""'].map((asked) => ({
    room: "testing/arbitraries/policies.ts",
    line: 'const kinds = target === "none" ? ["some"] : ["level", "exactly", "some"];',
    becomes: `const kinds = ${asked} ? ["some"] : ["level", "exactly", "some"];`,
    why: "definePolicy refuses what is not asked so, and it is drawn again",
  })),
  {
    room: "testing/arbitraries/policies.ts",
    line: ".tuple(fc.constantFrom(...kinds), fc.constantFrom(...own.slice(1)))",
    becomes: ".tuple(fc.constantFrom(...kinds), fc.constantFrom(...own))",
    why: "definePolicy refuses what is not asked so, and it is drawn again",
  },
  ...['false || target === "none"', "flag === undefined || false", 'flag === undefined || target === ""'].map(
    (asked) => ({
      room: "testing/arbitraries/policies.ts",
      line: 'if (flag === undefined || target === "none") return level;',
      becomes: `if (${asked}) return level;`,
      why: "definePolicy refuses what is not asked so, and it is drawn again",
    }),
  ),
  {
    room: "sql/queries.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a line of source.
    line: 'return sql`CASE WHEN ${meetsAny(context, "group", () => [clause])} THEN ${stored(each)} ELSE ${lower} END`;',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a line of source.
    becomes: 'return sql`CASE WHEN ${meetsAny(context, "", () => [clause])} THEN ${stored(each)} ELSE ${lower} END`;',
    why: "a condition on rows reads alike for each kind of target that has rows",
  },
  {
    room: "sql/queries.ts",
    line: "if (given[0]?.toLowerCase().startsWith(ALIAS)) {",
    becomes: "if (given[0].toLowerCase().startsWith(ALIAS)) {",
    why: "there are two names",
  },
  {
    room: "testing/decision-table.ts",
    line: 'const connection = "connection";',
    becomes: 'const connection = "";',
    why: "no table shows the id of the connection that it was made on",
  },
  {
    room: "core/decisions/target.ts",
    line: 'if (kind === "none" && target === undefined) return [];',
    becomes: 'if (kind === "none" && target === undefined) return ["Stryker was here"];',
    why: "nothing reads the connections of an action without a target",
  },
  ...["if (false) return id;", 'if (typeof id === "") return id;'].map((becomes) => ({
    room: "core/decisions/target.ts",
    line: 'if (typeof id === "string") return id;',
    becomes,
    why: "an id is asked here for speed, and what is behind it would ask again",
  })),
  {
    room: "analysis/policies/check-policy.ts",
    line: "function byRole(engine: CompiledPolicy, { action, roles = [] }: Finding): boolean {",
    becomes: 'function byRole(engine: CompiledPolicy, { action, roles = ["Stryker was here"] }: Finding): boolean {',
    why: "what is found of this check names roles",
  },
  {
    room: "analysis/policies/check-policy.ts",
    line: "isMeant: (finding: Finding) => boolean = () => false,",
    becomes: "isMeant: (finding: Finding) => boolean = () => undefined,",
    why: "undefined is as good a no as false",
  },
  {
    room: "analysis/policies/check-policy.ts",
    line: "return roles.every((name) => {\n    const role = engine.roles.get(name) as Role;\n    return role.fixed || ruleFor({ engine, role }, action as string).clauses.some(({ area }) => !area);\n  });",
    becomes:
      "return roles.some(name => {\n  const role = engine.roles.get(name) as Role;\n  return role.fixed || ruleFor({\n    engine,\n    role\n  }, action as string).clauses.some(({\n    area\n  }) => !area);\n});",
    why: "definePolicy refuses what would give an action to a role that holds nothing",
  },
  {
    room: "analysis/policies/check-policy.ts",
    line: "return role.fixed || ruleFor({ engine, role }, action as string).clauses.some(({ area }) => !area);",
    becomes: "return true;",
    why: "definePolicy refuses what would give an action to a role that holds nothing",
  },
  {
    room: "analysis/accounts/orphans.ts",
    line: 'const losses = decisions.filter((each) => each.action === action && each.change === "lost");',
    becomes: "const losses = decisions.filter((each) => each.action === action && true);",
    why: "on what somebody gained, somebody may",
  },
  {
    room: "analysis/accounts/orphans.ts",
    line: "if (is.steps[offset]?.some(is.canApprove(offset))) return [];",
    becomes: "if (is.steps[offset].some(is.canApprove(offset))) return [];",
    why: "there are as many steps after as before",
  },
  {
    room: "analysis/format/format-report.ts",
    line: 'for (const { action = "", roles = [] } of all) getOrInsert(actionsOf, idList(roles), () => []).push(showId(action));',
    becomes:
      'for (const { action = "Stryker was here!", roles = [] } of all) getOrInsert(actionsOf, idList(roles), () => []).push(showId(action));',
    why: "what is found of this check names an action and roles",
  },
  {
    room: "analysis/format/format-report.ts",
    line: 'for (const { action = "", roles = [] } of all) getOrInsert(actionsOf, idList(roles), () => []).push(showId(action));',
    becomes:
      'for (const { action = "", roles = ["Stryker was here"] } of all) getOrInsert(actionsOf, idList(roles), () => []).push(showId(action));',
    why: "what is found of this check names an action and roles",
  },
  {
    room: "analysis/format/format-report.ts",
    line: 'const { action = "", names, area = "", condition, witness, raised } = finding;',
    becomes: 'const { action = "", names, area = "Stryker was here!", condition, witness, raised } = finding;',
    why: "what is found of this check names an area",
  },
  {
    room: "analysis/format/format-report.ts",
    line: 'const { action = "", names, area = "", condition, witness, raised } = finding;',
    becomes: 'const { action = "", names = ["Stryker was here"], area = "", condition, witness, raised } = finding;',
    why: "what is found of this check has names",
  },
  {
    room: "analysis/policies/claims.ts",
    line: "if (one === undefined || other === undefined || more.length > 0) {",
    becomes: "if (false || other === undefined || more.length > 0) {",
    why: "where there is no first there is no second",
  },
  {
    room: "analysis/policies/claims.ts",
    line: 'const clause = readClause(source, place, "group", { areas, roles: engine.roles });',
    becomes: 'const clause = readClause(source, place, "", { areas, roles: engine.roles });',
    why: "a clause is read alike for each kind of target that has connections",
  },
  {
    room: "analysis/policies/compare-policies.ts",
    line: "const shared = new Set(pairs.get(area.name)?.keys());",
    becomes: "const shared = new Set(pairs.get(area.name).keys());",
    why: "each area has its pairs",
  },
  {
    room: "analysis/policies/compare-policies.ts",
    line: "const held = unionOf(engine.areas.map((each) => (each === area ? state : lowestState(each))));",
    becomes: "const held = unionOf(engine.areas.map((each) => (true ? state : lowestState(each))));",
    why: "no clause asks for the lowest level of another area",
  },
  {
    room: "analysis/policies/compare-policies.ts",
    line: "const target = one.actions.get(action)?.target;",
    becomes: "const target = one.actions.get(action).target;",
    why: "what is compared is an action of the first policy",
  },
  {
    room: "analysis/accounts/diff-matrices.ts",
    line: "const sameAccount = old.account.numbers === next.account.numbers;",
    becomes: "const sameAccount = false;",
    why: "to look at a user who did not change finds nothing",
  },
  {
    room: "analysis/accounts/diff-matrices.ts",
    line: "const changed = users.filter((user) => !(sameAccount && old.rows.get(user) === next.rows.get(user)));",
    becomes: "const changed = users;",
    why: "to look at a user who did not change finds nothing",
  },
  {
    room: "analysis/accounts/diff-matrices.ts",
    line: "const changed = users.filter((user) => !(sameAccount && old.rows.get(user) === next.rows.get(user)));",
    becomes: "const changed = users.filter((user) => !(false));",
    why: "to look at a user who did not change finds nothing",
  },
  {
    room: "analysis/format/format-report.ts",
    line: 'const { action = "", names, area = "", condition, witness, raised } = finding;',
    becomes: 'const { action = "Stryker was here!", names, area = "", condition, witness, raised } = finding;',
    why: "what is found without a witness names an action",
  },
  {
    room: "analysis/policies/replaced-states.ts",
    line: "if (!known.has(key)) known.set(key, lossOf(engine, cases, area));",
    becomes: "if (true) known.set(key, lossOf(engine, cases, area));",
    why: "what is looked for again is found again",
  },
  {
    room: "analysis/policies/replaced-states.ts",
    line: "const isAbout = rule.clauses.some(({ parts }) => parts.some((part) => part.area === area));",
    becomes: "const isAbout = rule.clauses.some(({ parts }) => true);",
    why: "what asks nothing of an area loses nothing by it",
  },
  {
    room: "analysis/policies/replaced-states.ts",
    line: "levelIn(to, area) > levelIn(from, area) && keepsFlags(to, from, area) && keepsFlags(from, to, area);",
    becomes: "levelIn(to, area) >= levelIn(from, area) && keepsFlags(to, from, area) && keepsFlags(from, to, area);",
    why: "where a state takes its own place, nothing is lost",
  },
  {
    room: "analysis/policies/replaced-states.ts",
    line: "const has = (state: number, flag: number) => (state & flag) !== 0;",
    becomes: "const has = (state: number, flag: number) => (state & flag) === 0;",
    why: "two states are looked at both ways round, so that it does not matter which of them has a flag",
  },
  {
    room: "analysis/policies/replaced-states.ts",
    line: "const sameFlags = (one: number, other: number, except: readonly number[] = []) =>",
    becomes: 'const sameFlags = (one: number, other: number, except: readonly number[] = ["Stryker was here"]) =>',
    why: "no flag is a text",
  },
  {
    room: "analysis/search/subsets.ts",
    line: "for (const rest of subsets(states.slice(index + 1), size - 1)) yield [state, ...rest];",
    becomes: "for (const rest of subsets(states, size - 1)) yield [state, ...rest];",
    why: "what has a state twice comes behind what has it once",
  },
  {
    room: "analysis/search/arrange.ts",
    line: "for (const first of set.slice(1)) yield [first, ...set.filter((state) => state !== first)];",
    becomes: "for (const first of set) yield [first, ...set.filter((state) => state !== first)];",
    why: "what does not do will not do when it is tried again",
  },
];
