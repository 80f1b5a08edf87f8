import type { ModulesContainer, Reflector } from "@nestjs/core";

/** A handler of a controller. */
interface RouteHandler {
  readonly name: string;
  readonly handler: () => unknown;
  readonly controller: () => unknown;
}

/** Lists the handlers of all controllers of an application, also those that a controller inherits. */
export function handlersOf(modules: ModulesContainer, reflector: Reflector): readonly RouteHandler[] {
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as unknown as () => unknown;
    return methodsOf(controller.prototype)
      .filter(({ handler }) => reflector.get("path", handler as never) !== undefined)
      .map(({ name, handler }) => ({ name: `${controller.name}.${name}`, handler, controller }));
  });
}

function methodsOf(
  prototype: object | null,
  seen: readonly string[] = [],
): readonly Omit<RouteHandler, "controller">[] {
  if (prototype === null || prototype === Object.prototype) return [];
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(
    ([name, { value }]) => typeof value === "function" && name !== "constructor" && !seen.includes(name),
  );
  return [
    ...own.map(([name, { value }]) => ({ name, handler: value })),
    ...methodsOf(Object.getPrototypeOf(prototype), [...seen, ...own.map(([name]) => name)]),
  ];
}
