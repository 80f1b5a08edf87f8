import { Code, List, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Fault } from "./reading.js";

/** Lists what is wrong, each fault at its path. */
export function FaultList({ faults }: { readonly faults: readonly Fault[] }): ReactNode {
  if (faults.length === 0) return null;
  return (
    <List size="sm" spacing={4} mt="xs" className="break">
      {faults.map(({ path, message }) => (
        <List.Item key={`${path} ${message}`}>
          {path !== "" && (
            <>
              <Code>{path}</Code>{" "}
            </>
          )}
          <Text span inherit>
            {message}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
