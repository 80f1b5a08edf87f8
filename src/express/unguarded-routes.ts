import { isGuarding } from "../http/guarded-route.js";

/** A layer of an Express router, as far as it is read: the package has no types for it. */
interface Layer {
  readonly handle: Handler;
  readonly name: string;
  /** Whether it is for every path of its router. */
  readonly slash?: boolean;
  /** Its path, in the versions that keep it. */
  readonly rawPath?: unknown;
  readonly method?: string;
  readonly route?: { readonly path: unknown; readonly stack: readonly Layer[] } | undefined;
}

interface Handler {
  readonly length: number;
  readonly stack?: readonly Layer[];
}

/** Lists the routes of an Express application or router that are without a gate. */
export function unguardedIn(app: unknown): readonly string[] {
  const { router = app } = app as { readonly router?: unknown };
  return unguardedInRouter((router as { readonly stack: readonly Layer[] }).stack, "");
}

/** Layers are tried in order, so a gate is for those behind it, and only for those that its path covers. */
function unguardedInRouter(stack: readonly Layer[], base: string): readonly string[] {
  const gates: Layer[] = [];
  const found: string[] = [];
  for (const layer of stack) {
    if (!layer.route && isGuarding(layer.handle)) gates.push(layer);
    else if (!gates.some((gate) => covers(gate, layer))) found.push(...unguardedInLayer(layer, base));
  }
  return found;
}

function unguardedInLayer({ route, handle, name, rawPath }: Layer, base: string): readonly string[] {
  if (route) {
    const path = `${base}${String(route.path)}`;
    return unguardedMethods(route.stack).map((method) => `${method} ${path}`);
  }
  const inside = rawPath === undefined || rawPath === "/" ? base : `${base}${String(rawPath)}`;
  if (handle.stack) return unguardedInRouter(handle.stack, inside);
  // A mounted application cannot be looked into, and what takes no `next` answers by itself.
  return name === "mounted_app" || handle.length < 3 ? [`use ${inside || "/"}`] : [];
}

/** Lists the methods of a route that a handler answers without a gate before it. */
function unguardedMethods(stack: readonly Layer[]): readonly string[] {
  const methods = [...new Set(stack.map(({ method }) => method))];
  const found = methods.filter((method) => {
    const layers = stack.filter((layer) => layer.method === method || layer.method === undefined);
    const isForOthers = method === undefined && methods.length > 1;
    return isAnswered(layers, isForOthers);
  });
  // An application's `all` adds each method by itself.
  if (found.length > MOST_METHODS) return ["ALL"];
  return found.map((method) => method?.toUpperCase() ?? "ALL");
}

const MOST_METHODS = 9;

/**
 * Tells whether one of some handlers answers without a gate before it: one that takes no `next`, or the last one. Those
 * before that take `next` may be parsers; all may, if the handlers of other methods are behind them.
 */
function isAnswered(layers: readonly Layer[], isForOthers: boolean): boolean {
  const gate = layers.findIndex(({ handle }) => isGuarding(handle));
  const last = layers.findLastIndex(({ handle }) => !isGuarding(handle));
  const first = layers.findIndex(({ handle }, index) => handle.length < 3 || (index === last && !isForOthers));
  return first >= 0 && (gate < 0 || gate > first);
}

function covers({ slash, rawPath }: Layer, layer: Layer): boolean {
  if (slash) return true;
  const path = layer.route ? layer.route.path : layer.rawPath;
  if (typeof rawPath !== "string" || typeof path !== "string") return false;
  return path === rawPath || path.startsWith(`${rawPath}/`);
}
