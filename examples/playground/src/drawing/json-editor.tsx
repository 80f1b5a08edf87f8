import { json } from "@codemirror/lang-json";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { Input, useComputedColorScheme } from "@mantine/core";
import CodeMirror, { type ReactCodeMirrorRef } from "@uiw/react-codemirror";
import { type ReactNode, useEffect, useId, useMemo, useRef } from "react";
import { completions } from "./completion.js";
import type { Refused } from "./findings.js";
import { breakOf, placeOf } from "./text.js";

export interface JsonEditorProps {
  readonly label: string;
  readonly text: string;
  /** What the text is refused for; undefined if it is no JSON. */
  readonly refused: readonly Refused[] | undefined;
  readonly onChange: (text: string) => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

/** The definition as JSON, with its faults marked where they stand. */
export function JsonEditor({ label, text, refused, onChange, onUndo, onRedo }: JsonEditorProps): ReactNode {
  const scheme = useComputedColorScheme("light");
  const description = useId();
  const editor = useRef<ReactCodeMirrorRef>(null);
  const steps = useRef({ onUndo, onRedo });
  steps.current = { onUndo, onRedo };
  const extensions = useMemo(() => {
    const back = () => {
      steps.current.onUndo();
      return true;
    };
    const forth = () => {
      steps.current.onRedo();
      return true;
    };
    return [
      json(),
      lintGutter(),
      completions,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": description, tabindex: "0" }),
      // One history for what is typed and what is drawn.
      keymap.of([
        { key: "Mod-z", preventDefault: true, run: back },
        { key: "Mod-y", mac: "Mod-Shift-z", preventDefault: true, run: forth },
        { key: "Mod-Shift-z", preventDefault: true, run: forth },
      ]),
    ];
  }, [label, description]);

  useEffect(() => {
    const view = editor.current?.view;
    if (view === undefined || view.state.doc.toString() !== text) return;
    const marks: readonly Diagnostic[] = refused
      ? refused.map(({ path, message }) => ({ ...placeOf(text, path), severity: "error", message }))
      : [{ ...breakOf(text), severity: "error", message: "This is not JSON." }];
    view.dispatch(setDiagnostics(view.state, [...marks]));
  }, [text, refused]);

  return (
    <div>
      <Input.Label labelElement="div">{label}</Input.Label>
      <Input.Description id={description} mb={4}>
        Tab moves on; Ctrl+Space completes names.
      </Input.Description>
      <CodeMirror
        ref={editor}
        className="editor"
        value={text}
        theme={scheme === "dark" ? dark : light}
        maxHeight="56vh"
        indentWithTab={false}
        basicSetup={{ history: false, historyKeymap: false, foldGutter: false, highlightActiveLine: false }}
        extensions={extensions}
        onChange={onChange}
      />
    </div>
  );
}

// In the page's own colours, which are read on either ground.
const look = {
  "&": { color: "var(--mantine-color-text)", backgroundColor: "var(--mantine-color-default)" },
  ".cm-gutters": {
    color: "var(--mantine-color-dimmed)",
    backgroundColor: "var(--mantine-color-default)",
    borderRight: "1px solid var(--mantine-color-default-border)",
  },
  ".cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-content": { caretColor: "var(--mantine-color-text)" },
  ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
};
const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: "var(--code-key)" },
    { tag: tags.string, color: "var(--code-text)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--code-value)" },
  ]),
);
const light = [EditorView.theme(look), colours];
const dark = [EditorView.theme(look, { dark: true }), colours];
