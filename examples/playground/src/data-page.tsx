import { Alert, Button, FileButton, Group, Stack } from "@mantine/core";
import stringify from "json-stringify-pretty-compact";
import { type ReactNode, useRef, useState } from "react";
import { FaultList } from "./faults.js";
import { JsonArea } from "./json-area.js";
import { PageTitle } from "./page-title.js";
import type { PageProps } from "./props.js";
import { type Fault, readAccount } from "./reading.js";

export function DataPage({ it, dispatch }: PageProps): ReactNode {
  const written = stringify(it.saved, { maxLength: 100 });
  const [typed, setTyped] = useState<string>();
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const forgetFile = useRef<() => void>(null);
  const keep = (text?: string, found: readonly Fault[] = []) => {
    setTyped(text);
    setFaults(found);
  };
  const take = (text: string) => {
    const read = readAccount(it.policy, text, it.now);
    if (read.ok) keep();
    else keep(text, read.faults);
    // The same file can be chosen again, once it is mended.
    forgetFile.current?.();
    if (read.ok) dispatch({ type: "import", account: read.value });
  };
  return (
    <Stack gap="md">
      <PageTitle title="Data" says="The account as createMatrix reads it; as rows of tables it can be imported, too" />
      <Group gap="xs">
        <Button component="a" download={`${it.policy.name}-account.json`} href={asLink(written)}>
          Export
        </Button>
        <FileButton
          resetRef={forgetFile}
          accept="application/json,.json"
          onChange={(file) => void file?.text().then(take)}
        >
          {(props) => (
            <Button variant="default" {...props}>
              Import a file
            </Button>
          )}
        </FileButton>
        <Button variant="default" onClick={() => take(typed ?? written)}>
          Import the text below
        </Button>
        <Button
          variant="default"
          onClick={() => {
            keep();
            dispatch({ type: "restart" });
          }}
        >
          Start over
        </Button>
      </Group>
      {faults.length > 0 && (
        <Alert color="red" title="This is no account of the policy" role="alert">
          <FaultList faults={faults} />
        </Alert>
      )}
      <JsonArea label="Account as JSON" value={typed ?? written} maxRows={30} onChange={setTyped} />
    </Stack>
  );
}

function asLink(text: string): string {
  return `data:application/json;charset=utf-8,${encodeURIComponent(text)}`;
}
