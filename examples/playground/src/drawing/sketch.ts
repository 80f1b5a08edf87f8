import { type Definition, readDefinition } from "./definition.js";
import type { Edit } from "./edits.js";
import { rewrite } from "./text.js";

/** A policy that is being drawn: its text, and what there was before and would be again. */
export interface Sketch {
  readonly text: string;
  /** What the text says, or said when it last could be drawn. */
  readonly drawn: Definition;
  readonly past: readonly string[];
  readonly future: readonly string[];
  /** When the text was last typed in: what is typed in one go is undone in one go. */
  readonly typedAt?: number | undefined;
}

/** How many steps can be undone. */
const most = 100;

/** How long a pause ends what is typed in one go, in milliseconds. */
const pause = 1000;

export function beginSketch(text: string): Sketch {
  return { text, drawn: drawnOf(text, blank), past: [], future: [] };
}

/** Takes a text that was typed, at a time. */
export function type(sketch: Sketch, text: string, at: number): Sketch {
  if (text === sketch.text) return sketch;
  const isSameGo = sketch.typedAt !== undefined && at - sketch.typedAt < pause;
  const past = isSameGo ? sketch.past : pastWith(sketch);
  return { text, drawn: drawnOf(text, sketch.drawn), past, future: [], typedAt: at };
}

/** Takes a change of the drawing, unless the text cannot be drawn now. */
export function draw(sketch: Sketch, edit: Edit): Sketch {
  const read = readDefinition(sketch.text);
  if (!read.ok) return sketch;
  const text = rewrite(sketch.text, edit(read.value));
  return text === sketch.text ? sketch : replace(sketch, text);
}

/** Puts another text in its place, in one step that can be undone. */
export function replace(sketch: Sketch, text: string): Sketch {
  return { text, drawn: drawnOf(text, sketch.drawn), past: pastWith(sketch), future: [] };
}

export function undo(sketch: Sketch): Sketch {
  const text = sketch.past.at(-1);
  if (text === undefined) return sketch;
  const { past, future } = sketch;
  return { text, drawn: drawnOf(text, sketch.drawn), past: past.slice(0, -1), future: [sketch.text, ...future] };
}

export function redo(sketch: Sketch): Sketch {
  const [text, ...future] = sketch.future;
  if (text === undefined) return sketch;
  return { text, drawn: drawnOf(text, sketch.drawn), past: pastWith(sketch), future };
}

function pastWith({ past, text }: Sketch): readonly string[] {
  return [...past, text].slice(-most);
}

function drawnOf(text: string, otherwise: Definition): Definition {
  const read = readDefinition(text);
  return read.ok ? read.value : otherwise;
}

const blank: Definition = { name: "", levels: [], areas: {}, roles: {}, actions: {} };
