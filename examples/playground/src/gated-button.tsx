import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

export interface GatedButtonProps extends ButtonProps {
  readonly children: ReactNode;
  /** Why the button cannot be pressed now. Without a reason, it can. */
  readonly reason?: string | undefined;
  readonly onPress: () => void;
}

/** A button that keeps its focus while it cannot be pressed, and says why on hover and focus. */
export function GatedButton({ reason, onPress, ...props }: GatedButtonProps): ReactNode {
  const isOff = reason !== undefined;
  const off = isOff ? { "data-disabled": true, "aria-disabled": true } : {};
  return (
    <Tooltip label={reason} disabled={!isOff}>
      <Button {...props} {...off} onClick={() => !isOff && onPress()} />
    </Tooltip>
  );
}
