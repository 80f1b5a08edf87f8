import { Alert, List, Stack, Text } from "@mantine/core";
import type { Policy } from "channel-grants";
import type { DecisionChange, MatrixDiff } from "channel-grants/analysis";
import type { ReactNode } from "react";
import type { Case } from "./case.js";
import { changeInWords, listed, quoted } from "./wording.js";

/** Shows what a change does: grants, decisions, and what nobody could do any more. */
export function Effects({ policy, diff }: { readonly policy: Policy; readonly diff: MatrixDiff }): ReactNode {
  const { grants, decisions, groups, orphans, submissions } = diff;
  const people = [...new Set([...decisions, ...groups].map(({ user }) => user))];
  return (
    <Stack gap="sm" className="break">
      <List size="sm" spacing={4} listStyleType="none">
        {grants.map(({ user, connection, before, after }) => (
          <List.Item key={JSON.stringify([user, connection])}>
            <strong>{quoted(user)}</strong> on <strong>{quoted(connection)}</strong>:{" "}
            {changeInWords(policy, before, after)}
          </List.Item>
        ))}
      </List>
      {people.map((user) => (
        <div key={user}>
          <Text size="sm" fw={600}>
            {quoted(user)}
          </Text>
          <List size="sm" listStyleType="none">
            {decisions.filter((each) => each.user === user).map((each) => lineOf(each, each.connections?.map(quoted)))}
            {groups.filter((each) => each.user === user).map((each) => lineOf(each, ["the composed post"]))}
          </List>
        </div>
      ))}
      {(orphans.length > 0 || submissions.length > 0) && (
        <Alert color="red" title="Nobody left">
          <List size="sm">
            {orphans.map(({ connection, nobody }) => (
              <List.Item key={JSON.stringify([connection, nobody])}>
                Nobody could {nobody} on {quoted(connection)} any more.
              </List.Item>
            ))}
            {submissions.map(({ submission, step, lost }) => (
              <List.Item key={`${submission} ${step}`}>
                The pending post loses {listed(lost.map(quoted))}: too few are left to approve step {step + 1}.
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Stack>
  );
}

/** Shows what a change does to what users hold in the account. */
export function AccountEffects({ it }: { readonly it: Case }): ReactNode {
  const { policy, saved, staged } = it;
  const changes = staged.users().flatMap((user) => {
    const words = changeInWords(policy, saved.accountGrant(user), staged.accountGrant(user));
    return words === "" ? [] : [{ user, words }];
  });
  return (
    <List size="sm" spacing={4} listStyleType="none">
      {changes.map(({ user, words }) => (
        <List.Item key={user}>
          <strong>{quoted(user)}</strong> in the account: {words}
        </List.Item>
      ))}
    </List>
  );
}

function lineOf({ action, change }: DecisionChange, where: readonly string[] = []): ReactNode {
  const isGain = change === "gained";
  return (
    <List.Item key={JSON.stringify([action, where])}>
      <Text span inherit c={isGain ? "var(--gain)" : "var(--loss)"} fw={600}>
        {isGain ? "+ may" : "− may no longer"}
      </Text>{" "}
      {action}
      {where.length > 0 && ` on ${listed(where)}`}
    </List.Item>
  );
}
