import type { Case, Choice } from "./case.js";
import { beginnings } from "./samples.js";

/** What an application knows of an account beside its grants: here, the names of the agency in the samples. */
export interface Labels {
  readonly about: string;
  /** The name and the job of a user, by id. */
  readonly people: ReadonlyMap<string, readonly [name: string, job: string]>;
  /** The brand of a connection, by id. */
  readonly brands: ReadonlyMap<string, string>;
}

/** Gives the names of a sample's people and brands; another account has none, whatever its ids. */
export function labelsOf({ saved }: Pick<Case, "saved">, choice: Choice): Labels | undefined {
  const sample = beginnings[choice].saved;
  const isSample =
    saved.users().join("\n") === sample.users().join("\n") &&
    saved.connections().join("\n") === sample.connections().join("\n");
  return isSample ? labels[choice] : undefined;
}

const labels: Readonly<Partial<Record<Choice, Labels>>> = {
  engage: {
    about: "Redlark Social, an agency, runs the channels of Quillmoor Coffee.",
    people: new Map([
      ["ana", ["Ana Reyes", "Social media manager"]],
      ["ben", ["Ben Okoro", "Content writer"]],
      ["cleo", ["Cleo Marsh", "Client, Quillmoor Coffee"]],
      ["dev", ["Dev Raman", "Operations lead"]],
      ["mia", ["Mia Fischer", "Account manager"]],
      ["finn", ["Finn Byrne", "Client, Quillmoor Coffee"]],
      ["nora", ["Nora Haddad", "Account director"]],
      ["olga", ["Olga Petrov", "Founder"]],
    ]),
    brands: new Map(
      ["facebook", "instagram", "x", "linkedin", "youtube"].map((id) => [id, "Quillmoor Coffee"] as const),
    ),
  },
  buffer: {
    about: "Redlark Social, an agency, posts for a bakery and for a garage.",
    people: new Map([
      ["olga", ["Olga Petrov", "Founder"]],
      ["ana", ["Ana Reyes", "Social media manager"]],
      ["ben", ["Ben Okoro", "Content writer"]],
      ["baker", ["Bea Orrin", "Client, Orrin & Daughters"]],
      ["mechanic", ["Ruth Adeyemi", "Client, Tessel Bikes"]],
    ]),
    brands: new Map([
      ["bakery-facebook", "Orrin & Daughters"],
      ["bakery-instagram", "Orrin & Daughters"],
      ["garage-facebook", "Tessel Bikes"],
    ]),
  },
};
