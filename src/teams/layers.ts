import { getOrInsert } from "../core/base/get-or-insert.js";
import type { Area } from "../core/engine/area.js";
import { joinBits } from "../core/engine/bits.js";
import type { CompiledPolicy } from "../core/engine/compiled-policy.js";
import { decodeAbove, type Key } from "../core/engine/grant-bits.js";
import { clashAmong, joinGrants } from "./join-grants.js";
import type { CheckedTeams, Given, Holder } from "./read-teams.js";

/** Grants that are equally specific: what they join to, or the first two of them that do not join to a grant. */
export interface Winner {
  readonly given: readonly Given[];
  readonly grant: object | undefined;
  readonly clash: readonly [Given, Given] | undefined;
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
  const join = (given: readonly Given[]) => winnerAmong(areas, engine.keys, given);
  return {
    layerOf(holders) {
      const onConnections = new Map<string, Given[]>();
      const onSets = new Map<BrandSet, Given[]>();
      for (const holder of holders) {
        for (const [connection, given] of holder.connections)
          getOrInsert(onConnections, connection, () => []).push(given);
        for (const [brand, given] of holder.brands) {
          for (const set of setsIn.get(brand) ?? []) getOrInsert(onSets, set, () => []).push(given);
        }
      }
      const all = (key: "everywhere" | "account") => holders.flatMap((holder) => holder[key] ?? []);
      const [onAll, inAccount] = [all("everywhere"), all("account")];
      const [onEach, brandSets] = [mapValues(onConnections, join), mapValues(onSets, join)];
      const everywhere = onAll.length > 0 ? join(onAll) : undefined;
      return {
        connections: onEach,
        brandSets,
        everywhere,
        account: inAccount.length > 0 ? winnerAmong(accountAreas, engine.accountKeys, inAccount) : undefined,
        hasClash: [everywhere, ...onEach.values(), ...brandSets.values()].some((winner) => winner?.clash),
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

function winnerAmong(areas: readonly Area[], keys: readonly Key[], given: readonly Given[]): Winner {
  const [first, ...others] = given as [Given, ...Given[]];
  // Most are alone, and share the grant with the source.
  if (others.length === 0) return { given, grant: first.source.grant, clash: undefined };
  const joined = joinGrants(
    areas,
    others.reduce((union, { bits }) => joinBits(union, bits), first.bits),
  );
  if (joined === undefined) return { given, grant: undefined, clash: clashAmong(areas, given) };
  return { given, grant: Object.freeze(decodeAbove(keys, joined)), clash: undefined };
}

function brandSetsOf(brands: CheckedTeams["brands"]): {
  readonly setOf: ReadonlyMap<string, BrandSet>;
  readonly setsIn: ReadonlyMap<string, readonly BrandSet[]>;
} {
  const brandsOf = new Map<string, string[]>();
  for (const [brand, { connections }] of brands) {
    for (const connection of connections) getOrInsert(brandsOf, connection, () => []).push(brand);
  }
  const sets = new Map<string, BrandSet>();
  const setOf = new Map<string, BrandSet>();
  const setsIn = new Map<string, BrandSet[]>();
  for (const [connection, ids] of brandsOf) {
    const set = getOrInsert(sets, JSON.stringify(ids), () => {
      const made: BrandSet = { connections: [] };
      for (const brand of ids) getOrInsert(setsIn, brand, () => []).push(made);
      return made;
    });
    set.connections.push(connection);
    setOf.set(connection, set);
  }
  return { setOf, setsIn };
}

function mapValues<Key, Value, Made>(map: ReadonlyMap<Key, Value>, make: (value: Value) => Made): Map<Key, Made> {
  return new Map([...map].map(([key, value]) => [key, make(value)]));
}
