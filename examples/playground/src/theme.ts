import { type CSSVariablesResolver, createTheme, Tooltip } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: 8,
  defaultRadius: "md",
  cursorType: "pointer",
  components: {
    Tooltip: Tooltip.extend({
      defaultProps: {
        events: { hover: true, focus: true, touch: true },
        multiline: true,
        maw: "min(22rem, 90vw)",
        // Beside what it is about, so that it is inside the page's landmarks.
        withinPortal: false,
      },
    }),
  },
});

/** The library's quiet colours, as dark or as light as text needs to be read on them. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-7)",
    "--mantine-color-error": "var(--mantine-color-red-9)",
    "--mantine-color-indigo-light": "var(--mantine-color-indigo-0)",
    "--mantine-color-indigo-light-hover": "var(--mantine-color-indigo-1)",
  },
  dark: {
    "--mantine-color-dimmed": "var(--mantine-color-dark-0)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-1)",
    "--mantine-color-error": "var(--mantine-color-red-4)",
  },
});
