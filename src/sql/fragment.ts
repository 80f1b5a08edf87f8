/**
 * A value that a query binds to a placeholder: an id, of the type that your column has, or a level as it is stored.
 *
 * @example
 * ```ts
 * import { engage } from "channel-grants";
 * import { createGrantsSql, type SqlValue } from "channel-grants/sql";
 *
 * const account: SqlValue = 7n;
 * const { usersFor } = createGrantsSql(engage, { dialect: "postgresql" });
 * usersFor({ account, action: "connections.create" }).values; // [7n, "admin"]
 * ```
 */
export type SqlValue = string | number | bigint;

/** A fragment of SQL: its text, split at each bound value. */
export interface Fragment {
  readonly strings: readonly string[];
  readonly values: readonly SqlValue[];
}

/** Writes a fragment. Other fragments become part of it, and every other value is bound. */
export function sql(strings: readonly string[], ...parts: readonly (Fragment | SqlValue)[]): Fragment {
  const texts = [strings[0] as string];
  const values: SqlValue[] = [];
  const append = (text: string) => texts.push(`${texts.pop()}${text}`);
  parts.forEach((part, index) => {
    const inner = typeof part === "object" ? part : { strings: ["", ""], values: [part] };
    append(inner.strings[0] as string);
    texts.push(...inner.strings.slice(1));
    values.push(...inner.values);
    append(strings[index + 1] as string);
  });
  return { strings: texts, values };
}

/** Takes text as SQL: a keyword, or a quoted identifier. */
export function raw(text: string): Fragment {
  return { strings: [text], values: [] };
}

/** Concatenates fragments, with a text between them. */
export function concat(fragments: readonly Fragment[], between: string): Fragment {
  return fragments.length === 0 ? raw("") : fragments.reduce((left, right) => sql`${left}${raw(between)}${right}`);
}

/** The databases that queries are written for. MySQL's are for MariaDB, too. */
export type Dialect = "postgresql" | "sqlite" | "mysql";

/** Quotes an identifier. */
export function identifier(name: string, dialect: Dialect): Fragment {
  const quote = dialect === "mysql" ? "`" : '"';
  return raw(quote + name.replaceAll(quote, quote + quote) + quote);
}

/** Writes a text as a literal, for definitions: nothing can be bound in them. */
export function literal(text: string, dialect: Dialect): Fragment {
  // Whether MySQL takes a backslash for an escape depends on a setting, so it gets the bytes.
  if (dialect === "mysql" && text.includes("\\")) {
    const bytes = encodeURIComponent(text).replace(
      /%(..)|(.)/g,
      (_, byte, letter) => byte ?? letter.charCodeAt(0).toString(16),
    );
    return raw(`X'${bytes}'`);
  }
  return raw(`'${text.replaceAll("'", "''")}'`);
}
