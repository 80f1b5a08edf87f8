import { getOrInsert } from "../core/base/get-or-insert.js";
import type { Area } from "../core/engine/area.js";
import { type Bits, joinBits } from "../core/engine/bits.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import type { Key } from "../core/engine/grant-bits.js";
import { joinGrants } from "./join-grants.js";
import { type CheckedTeams, firstOf, type Given, grantOf, type Holder } from "./read-teams.js";

/** Grants that were given on one place, the union of their bits, and their first end. */
interface Pile {
  readonly given: readonly Given[];
  readonly bits: Bits;
  readonly until: string | undefined;
}

/** Piles that are equally specific, and what they join to: nothing, if two of the grants clash. */
export interface Winner {
  // A list of each pile's grants would be made anew for each set of brands.
  readonly piles: readonly Pile[];
  readonly areas: readonly Area[];
  readonly grant: object | undefined;
}

/** Connections that are in the same brands, so that each of them gets the same from every brand. */
interface BrandSet {
  readonly connections: string[];
}

/**
 * What a user was given itself, or what all of its teams give together. It takes no more room than there are grants and sets
 * of brands, however many connections these reach.
 */
export interface Layer {
  readonly connections: ReadonlyMap<string, Winner>;
  readonly brandSets: ReadonlyMap<BrandSet, Winner>;
  readonly everywhere: Winner | undefined;
  readonly account: Winner | undefined;
  /** Whether some of its grants on connections clash, if only where more specific ones hide it. */
  readonly hasClash: boolean;
}

/** Makes layers, and finds what they give. */
export interface Layers {
  layerOf(holders: readonly Holder[]): Layer;
  /** Gives what is most specific for a connection of the account. */
  winnerOn(layer: Layer, connection: string): Winner | undefined;
  /** Lists the connections on which a layer gives something, some of them twice. */
  connectionsOf(layer: Layer): Iterator<string> & Iterable<string>;
}

/** Gives the layers of an account. */
export function layersOf(engine: CompiledPolicy, { connections, brands }: CheckedTeams): Layers {
  const { setOf, setsIn } = brandSetsOf(brands);
  const areasOf = (ofAccount: boolean) => engine.areas.filter(({ isOfAccount }) => isOfAccount === ofAccount);
  const [areas, accountAreas] = [areasOf(false), areasOf(true)];
  const join = (piles: readonly Pile[]) => winnerAmong(areas, engine.keys, piles);
  return {
    layerOf(holders) {
      const onConnections = new Map<string, Given[]>();
      const onBrands = new Map<string, Given[]>();
      for (const holder of holders) {
        for (const [connection, given] of holder.connections) insert(onConnections, connection, given);
        for (const [brand, given] of holder.brands) insert(onBrands, brand, given);
      }
      const onSets = new Map<BrandSet, Pile[]>();
      for (const [brand, given] of onBrands) {
        const pile = pileOf(given);
        for (const set of setsIn.get(brand) ?? []) insert(onSets, set, pile);
      }
      const all = (key: "everywhere" | "account") => holders.flatMap((holder) => holder[key] ?? []);
      const [onAll, inAccount] = [all("everywhere"), all("account")];
      const [onEach, brandSets] = [mapValues(onConnections, (given) => join([pileOf(given)])), mapValues(onSets, join)];
      const everywhere = onAll.length > 0 ? join([pileOf(onAll)]) : undefined;
      return {
        connections: onEach,
        brandSets,
        everywhere,
        account: inAccount.length > 0 ? winnerAmong(accountAreas, engine.accountKeys, [pileOf(inAccount)]) : undefined,
        hasClash: [everywhere, ...onEach.values(), ...brandSets.values()].some((winner) => winner && !winner.grant),
      };
    },
    winnerOn(layer, connection) {
      const inBrands = layer.brandSets.get(setOf.get(connection) as BrandSet);
      return layer.connections.get(connection) ?? inBrands ?? layer.everywhere;
    },
    *connectionsOf(layer) {
      if (layer.everywhere) return yield* connections;
      yield* layer.connections.keys();
      for (const set of layer.brandSets.keys()) yield* set.connections;
    },
  };
}

/** Lists the grants of a winner. */
export function givenIn({ piles }: Winner): readonly Given[] {
  return piles.flatMap(({ given }) => given);
}

function pileOf(given: readonly Given[]): Pile {
  return { given, ...together(given) };
}

/** Gives the union of some bits, and the first of their ends. */
function together(all: readonly Omit<Pile, "given">[]): Omit<Pile, "given"> {
  const [first, ...others] = all as readonly [Omit<Pile, "given">, ...Omit<Pile, "given">[]];
  const bits = others.reduce((union, each) => joinBits(union, each.bits), first.bits);
  return { bits, until: firstOf(all.flatMap(({ until }) => until ?? [])) };
}

function winnerAmong(areas: readonly Area[], keys: readonly Key[], piles: readonly Pile[]): Winner {
  const [{ given }, another] = piles as readonly [Pile, Pile?];
  const [alone, second] = given as readonly [Given, Given?];
  // Most are alone, and share the grant with the source.
  if (!another && !second) return { piles, areas, grant: alone.source.grant };
  const { bits, until } = together(piles);
  const joined = joinGrants(areas, bits);
  // From the first end on, the others join to something else, which a new fold finds.
  return { piles, areas, grant: joined === undefined ? undefined : grantOf(keys, joined, until) };
}

function brandSetsOf(brands: CheckedTeams["brands"]): {
  readonly setOf: ReadonlyMap<string, BrandSet>;
  readonly setsIn: ReadonlyMap<string, readonly BrandSet[]>;
} {
  const brandsOf = new Map<string, string[]>();
  for (const [brand, { connections }] of brands) {
    for (const connection of connections) insert(brandsOf, connection, brand);
  }
  const sets = new Map<string, BrandSet>();
  const setOf = new Map<string, BrandSet>();
  const setsIn = new Map<string, BrandSet[]>();
  for (const [connection, ids] of brandsOf) {
    const set = getOrInsert(sets, JSON.stringify(ids), () => {
      const made: BrandSet = { connections: [] };
      for (const brand of ids) insert(setsIn, brand, made);
      return made;
    });
    set.connections.push(connection);
    setOf.set(connection, set);
  }
  return { setOf, setsIn };
}

function insert<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  getOrInsert(lists, key, () => []).push(value);
}

function mapValues<Key, Value, Made>(map: ReadonlyMap<Key, Value>, make: (value: Value) => Made): Map<Key, Made> {
  return new Map([...map].map(([key, value]) => [key, make(value)]));
}
