import { Module, StandardSchemaValidationPipe } from "@nestjs/common";
import { APP_GUARD, APP_PIPE, NestFactory } from "@nestjs/core";
import { PrismaClient } from "../generated/client.js";
import { AccessService } from "./access.service.js";
import { AppController } from "./app.controller.js";
import { openDatabase } from "./database.js";
import { assertGuarded, guard } from "./policy.js";
import { type Draft, draft, PostsService } from "./posts.service.js";

interface Incoming {
  readonly params: Readonly<Record<"organisation" | "post" | "channel", string>>;
  readonly headers: { readonly authorization?: string };
  readonly body: unknown;
}

const pipe = new StandardSchemaValidationPipe();

@Module({
  controllers: [AppController],
  providers: [
    { provide: PrismaClient, useFactory: openDatabase },
    AccessService,
    PostsService,
    { provide: APP_PIPE, useValue: pipe },
    {
      provide: APP_GUARD,
      inject: [AccessService, PostsService],
      useFactory: (access: AccessService, posts: PostsService) =>
        guard<Incoming>({
          user: ({ params, headers }) => access.userOf(params.organisation, headers.authorization),
          targets: {
            post: ({ params }) => posts.find(params.organisation, params.post),
            draft: ({ body }) => pipe.transform(body, { type: "body", schema: draft }) as Promise<Draft>,
            channel: ({ params }) => params.channel,
          },
        }),
    },
  ],
})
class AppModule {}

/** Makes the application, and refuses a route that nobody gated. */
export async function createApplication() {
  const app = await NestFactory.create(AppModule, { logger: ["error", "warn"] });
  assertGuarded(app);
  return app;
}
