/** Defines a property that cannot be changed. Its descriptor inherits nothing from a polluted `Object.prototype`. */
export function defineValue(target: object, key: string | symbol, value: unknown, enumerable = false): void {
  Reflect.defineProperty(target, key, { __proto__: null, value, enumerable } as PropertyDescriptor);
}
