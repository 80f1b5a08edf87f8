import { MultiSelect } from "@mantine/core";
import type { ReactNode } from "react";
import type { PageProps } from "./props.js";
import { quoted, title } from "./wording.js";

/** The users in each relation of the policy to the post; whoever wrote it is its author already. */
export function RelationPicker({ it, dispatch }: Pick<PageProps, "it" | "dispatch">): ReactNode {
  const { policy, saved, post } = it;
  const related = new Map(post.related);
  const choose = (relation: string, users: readonly string[]) =>
    dispatch({ type: "look", at: { post: { ...post, related: [...new Map(related).set(relation, users)] } } });
  return (policy.relations ?? [])
    .filter((relation) => relation !== "author")
    .map((relation) => {
      const users = related.get(relation) ?? [];
      return (
        <MultiSelect
          key={relation}
          label={title(relation)}
          placeholder={users.length > 0 ? "" : "Nobody"}
          data={saved.users().map((id) => ({ value: id, label: quoted(id) }))}
          value={[...users]}
          onChange={(chosen) => choose(relation, chosen)}
          comboboxProps={{ withinPortal: false }}
        />
      );
    });
}
