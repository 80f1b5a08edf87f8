/**
 * One bit for each area: what is held on a connection, or the union of several. A number where the areas of the policy
 * fit into one word, which is nearly always; otherwise a list of words.
 */
export type Bits = number | readonly number[];

/** Gives one word of some bits. A bare number stands for the word that is asked for. */
export function wordOf(bits: Bits, word: number): number {
  return typeof bits === "number" ? bits : (bits[word] as number);
}

/** Gives bits of as many words as others, of which none is set: a union to begin with. */
export function noBitsLike(bits: Bits): Bits {
  return typeof bits === "number" ? 0 : bits.map(() => 0);
}

/** Gives the bits of two together. */
export function joinBits(one: Bits, other: Bits): Bits {
  if (typeof one === "number") return one | (other as number);
  return one.map((bits, word) => bits | wordOf(other, word));
}

/** Adds a bit to each word. */
export function withBit(bits: Bits, bit: number): Bits {
  return typeof bits === "number" ? bits | bit : bits.map((each) => each | bit);
}

/** Tells whether two are the same. */
export function isSameBits(one: Bits, other: Bits): boolean {
  return typeof one === "number" ? one === other : one.every((bits, word) => bits === wordOf(other, word));
}
