import { allowedActions, can, createMatrix, createUser, engage } from "channel-grants";
import { reviewAccess } from "channel-grants/analysis";
import { type DriverUser, driverText, userFromRows } from "./forms.js";
import { collect, type Timed } from "./rounds.js";
import { type Account, type Group, groupsOf, type UserRow, usersOf } from "./world.js";

// The three budgets of docs/performance.md: whole pieces of work, from what a database or a request brings to the answer.

/** Requests: each loads a user from rows, and checks one post. */
export function requests(account: Account, postsText: string): Record<"channel-grants", Timed> {
  const text = driverText(account);
  let users: readonly DriverUser[] = [];
  let posts: readonly Group[] = [];
  return {
    "channel-grants": {
      before() {
        users = JSON.parse(text);
        posts = groupsOf(postsText);
      },
      run() {
        let allowed = 0;
        for (const [index, user] of users.entries()) {
          if (can(userFromRows(user), "publish.edit", posts[index % posts.length] as Group)) allowed++;
        }
        return allowed;
      },
    },
  };
}

/** Pages: each loads a user, and finds the buttons of fifty posts. */
export function pages(account: Account, postsText: string): Record<"channel-grants", Timed> {
  const text = JSON.stringify([...usersOf(account)]);
  let users: readonly UserRow[] = [];
  let posts: readonly Group[] = [];
  return {
    "channel-grants": {
      before() {
        users = JSON.parse(text);
        posts = groupsOf(postsText);
      },
      run() {
        let shown = 0;
        for (const row of users) {
          const user = createUser(engage, row);
          if (can(user, "publish.create")) shown++;
          for (let post = 0; post < 50; post++) shown += allowedActions(user, posts[post] as Group).length;
        }
        return shown;
      },
    },
  };
}

/** A review: an account is built, and who may do what on each of its connections is listed. */
export function review(account: Account): Record<"channel-grants", Timed> {
  const texts = Array.from(usersOf(account), (row) => JSON.stringify(row));
  let users: readonly UserRow[] = [];
  return {
    "channel-grants": {
      before() {
        users = [];
        users = texts.map((text) => JSON.parse(text));
        collect();
      },
      run() {
        const { connections } = reviewAccess(createMatrix(engage, { users }));
        return connections.reduce((sum, connection) => sum + connection.users.length, 0);
      },
    },
  };
}
