import { Chip, Grid, Group, Input, NativeSelect, Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Bar } from "./bar-view.js";
import { Choose } from "./choose.js";
import { groupAreas, offeredTo, workOut } from "./group.js";
import { PageTitle } from "./page-title.js";
import type { PageProps } from "./props.js";
import { RelationPicker } from "./relation-picker.js";
import { type Example, examples } from "./samples.js";
import { listed, quoted } from "./wording.js";
import { WorkedOutLevel } from "./worked-out.js";

export function ComposePage({ it, choice, dispatch }: PageProps): ReactNode {
  const { policy, saved, post, viewer } = it;
  const offered = offeredTo(it);
  const notOffered = saved.connections().filter((id) => !offered.includes(id));
  const user = saved.user(viewer);
  const look = (at: Partial<Pick<typeof it, "post" | "viewer">>) => dispatch({ type: "look", at });
  return (
    <Stack gap="md">
      <PageTitle title="Compose" says="Write a post, and see what each user may do with it." />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Paper withBorder p="md">
            <Stack gap="md">
              {choice === "engage" && <Examples it={it} onChoose={look} />}
              <Group grow align="start">
                <Choose
                  label="Written by"
                  value={post.author}
                  ids={saved.users()}
                  onChoose={(author) => {
                    const mayChoose = offeredTo({ ...it, post: { ...post, author } });
                    const connections = post.connections.filter((id) => mayChoose.includes(id));
                    look({ post: { ...post, author, connections } });
                  }}
                />
                <Choose label="Seen by" value={viewer} ids={saved.users()} onChoose={(id) => look({ viewer: id })} />
              </Group>
              <RelationPicker it={it} dispatch={dispatch} />
              <Input.Wrapper label={`Connections offered to ${quoted(post.author)}`} labelElement="div">
                <Chip.Group
                  multiple
                  value={[...post.connections]}
                  onChange={(connections) => look({ post: { ...post, connections } })}
                >
                  <Group gap="xs" mt={4} role="group" aria-label={`Connections offered to ${quoted(post.author)}`}>
                    {saved
                      .connections()
                      // One that was chosen stays, also where it would not be offered any more.
                      .filter((id) => offered.includes(id) || post.connections.includes(id))
                      .map((id) => (
                        <Chip key={id} value={id} variant="outline" radius="md">
                          {quoted(id)}
                        </Chip>
                      ))}
                  </Group>
                </Chip.Group>
                {notOffered.length > 0 && (
                  <Text size="sm" c="dimmed" mt="xs">
                    Not offered: {listed(notOffered.map(quoted))}.
                  </Text>
                )}
              </Input.Wrapper>
            </Stack>
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Paper withBorder p="md">
            <Stack gap="md">
              {post.connections.length === 0 ? (
                <Text size="sm">No connection is chosen. Nobody may do anything with such a post.</Text>
              ) : groupAreas(policy).length === 0 ? (
                <Text size="sm">This policy grants nothing on a connection, so a post has no level.</Text>
              ) : (
                groupAreas(policy).map((area) => (
                  <WorkedOutLevel
                    key={area}
                    policy={policy}
                    viewer={viewer}
                    {...workOut(user, policy, area, post.connections)}
                  />
                ))
              )}
            </Stack>
          </Paper>
        </Grid.Col>
        <Grid.Col span={12}>
          <Bar it={it} dispatch={dispatch} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

interface ExamplesProps extends Pick<PageProps, "it"> {
  readonly onChoose: (example: Pick<Example, "post" | "viewer">) => void;
}

function Examples({ it, onChoose }: ExamplesProps): ReactNode {
  const { saved, post, viewer } = it;
  const there = examples.filter(
    (each) =>
      [each.post.author, each.viewer].every((id) => saved.users().includes(id)) &&
      each.post.connections.every((id) => saved.connections().includes(id)),
  );
  const shown = there.find(
    (each) =>
      each.viewer === viewer &&
      each.post.author === post.author &&
      each.post.connections.join() === post.connections.join(),
  );
  if (there.length === 0) return null;
  return (
    <NativeSelect
      label="Worked example of the document"
      value={shown?.title ?? ""}
      data={[{ value: "", label: "None of them" }, ...there.map(({ title }) => title)]}
      onChange={({ currentTarget: { value } }) => {
        const example = there.find(({ title }) => title === value);
        if (example) onChoose({ post: example.post, viewer: example.viewer });
      }}
    />
  );
}
