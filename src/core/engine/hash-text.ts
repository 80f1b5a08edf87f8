/** Returns a short number for a text, in base 36 (FNV-1a). It tells texts apart that differ by mistake, and is no signature. */
export function hashText(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
