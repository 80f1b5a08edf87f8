import { Affix, Alert, Notification } from "@mantine/core";
import type { ReactNode } from "react";
import { FaultList } from "./faults.js";
import type { Notice } from "./state.js";

export interface NoticesProps {
  readonly notice: Notice | undefined;
  readonly onClose: () => void;
}

/** Tells what became of the last step: faults above the page, anything else at its lower edge. */
export function Notices({ notice, onClose }: NoticesProps): ReactNode {
  const hasFaults = notice !== undefined && notice.faults.length > 0;
  return (
    <>
      <div role="alert">
        {hasFaults && (
          <Alert
            color="red"
            mb="md"
            title={notice.text}
            withCloseButton
            closeButtonLabel="Close the message"
            onClose={onClose}
          >
            <FaultList faults={notice.faults} />
          </Alert>
        )}
      </div>
      <Affix withinPortal={false} role="status" position={{ bottom: 16, left: 16, right: 16 }} maw="32rem" mx="auto">
        {notice && !hasFaults && (
          <Notification
            withBorder
            color="green"
            className="break"
            closeButtonProps={{ "aria-label": "Close the message" }}
            onClose={onClose}
          >
            {notice.text}
          </Notification>
        )}
      </Affix>
    </>
  );
}
