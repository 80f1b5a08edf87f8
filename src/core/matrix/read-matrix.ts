import { addFault, type Place } from "../base/faults.js";
import { showValue } from "../base/message.js";
import { readField, readList, readRecord, readStrings } from "../base/readers.js";

/** Reads an account, and each of its users by the given reader. */
export function readMatrix<Reading extends { readonly id: string | undefined }>(
  input: unknown,
  place: Place,
  readUser: (user: unknown, place: Place) => Reading,
): { readonly users: readonly Reading[]; readonly connections: readonly string[] | undefined } {
  const fields = readRecord(input, place, ["users", "connections"]);
  const ids = new Set<string>();
  const users = readField(fields, place, "users", (list, usersPlace) =>
    readList(list, usersPlace, (each, userPlace) => {
      const user = readUser(each, { ...userPlace, code: "invalid-user" });
      const { id } = user;
      if (id === undefined) return user;
      if (ids.has(id))
        addFault({ ...userPlace, code: "duplicate-user" }, `a second user ${showValue(id)}; expected one`, "id");
      ids.add(id);
      return user;
    }),
  );
  const connections = fields.has("connections") ? readField(fields, place, "connections", readStrings) : undefined;
  return { users: users ?? [], connections };
}
