import {
  type ComponentInternalInstance,
  type ComputedRef,
  computed,
  defineComponent,
  getCurrentInstance,
  type InjectionKey,
  inject,
  type MaybeRefOrGetter,
  onMounted,
  provide,
  shallowRef,
  toValue,
} from "vue";
import { showValue } from "../core/base/message.js";
import { ownValue } from "../core/base/readers.js";
import { accessLevel, allowedActions, can } from "../core/decisions/can.js";
import type { Words } from "../core/decisions/words.js";
import { askerOf } from "../core/frontend/asker.js";
import type { GrantMatrix } from "../core/matrix/grant-matrix.js";
import type { ActionOf, Policy, TargetOf, User } from "../core/types/index.js";
import { originOf } from "../core/users/holdings.js";
import type { CanComponent, GrantsVue, ProvidedGrants } from "./types.js";

/**
 * Makes the Vue component and composables of a policy, typed by its actions and areas.
 *
 * Call it once, in a module of your application. What one call provides is found by its own composables alone, so two
 * policies do not meet.
 *
 * @throws `PolicyError` `invalid-policy`.
 *
 * @example
 * ```ts
 * import { createUser, engage } from "channel-grants";
 * import { createGrantsVue } from "channel-grants/vue";
 * import { createSSRApp } from "vue";
 * import { renderToString } from "vue/server-renderer";
 *
 * const { Can, provideGrants, useCan } = createGrantsVue(engage);
 * const post = { connections: ["fb"] };
 * const Toolbar = {
 *   components: { Can },
 *   setup: () => ({ post, editable: useCan("publish.edit", post) }),
 *   template: `<button v-if="editable">Edit</button><Can do="publish.approve" :on="post">Approve<template #fallback>not yours to approve</template></Can>`,
 * };
 * const user = createUser(engage, { id: "ana", role: "viewer", grants: { fb: { publish: "needs-approval" } } });
 * const App = { components: { Toolbar }, setup: () => provideGrants({ user }), template: "<Toolbar />" };
 * const html = await renderToString(createSSRApp(App));
 * html.replaceAll(/<!--.*?-->/g, ""); // "<button>Edit</button>not yours to approve"
 * ```
 */
export function createGrantsVue<P extends Policy>(policy: P): GrantsVue<P> {
  const { admit, admitMatrix, loaded, decide, connectionsFor, wordsFor } = askerOf(policy);
  const key: InjectionKey<Subject<P>> = Symbol(policy.name);

  function provideGrants(provided: ProvidedGrants<P>): void {
    const outer = inject(key, undefined);
    // If your application loads a row again and it says the same, nothing renders again: law 9.
    const now = computedSame(() => admit(toValue(ownValue(provided, "user"))));
    provide(key, {
      first: now.value,
      now,
      matrix: computed(() => admitMatrix(toValue(ownValue(provided, "matrix"))) ?? outer?.matrix.value),
      words: computed(() => toValue(ownValue(provided, "words")) ?? outer?.words.value),
    });
  }

  function subjectAbove(): Subject<P> {
    const subject = inject(key, undefined);
    if (subject) return subject;
    throw new Error(
      `no provideGrants of ${showValue(policy.name)} above this component; expected one in a component around it`,
    );
  }

  /**
   * Gives the user, and during hydration the first one: Vue corrects no attributes then, and a part that hydrates late would
   * keep a button that the server enabled for another user.
   */
  function userNow(): ComputedRef<User<P>> {
    const { first, now } = subjectAbove();
    // Who finds what is provided is a component. In its setup, only one that hydrates has an element. A function has no setup.
    const { vnode, type } = getCurrentInstance() as ComponentInternalInstance;
    if (!vnode.el || typeof type === "function") return now;
    const isHydrating = shallowRef(true);
    onMounted(() => {
      isHydrating.value = false;
    });
    return computed(() => (isHydrating.value ? first : now.value));
  }

  const Can = defineComponent({
    name: "Can",
    props: ["do", "on"],
    setup(props: { readonly do: ActionOf<P>; readonly on: unknown }, { slots }) {
      const user = userNow();
      const target = () => [props.on] as TargetOf<P, ActionOf<P>>;
      const allowed = computed(() => can(user.value, props.do, ...target()));
      const decision = computedSame(() => decide(user.value, props.do, ...target()));
      return () => {
        const either = ownValue(slots, "either");
        if (either) return either(decision.value);
        return allowed.value ? ownValue(slots, "default")?.() : ownValue(slots, "fallback")?.(decision.value);
      };
    },
  });

  return {
    provideGrants,
    Can: Can as unknown as CanComponent<P>,
    useUser() {
      const user = userNow();
      return computed(() => loaded(user.value));
    },
    useCan(action, ...target) {
      const user = userNow();
      return computed(() => can(user.value, toValue(action), ...valuesOf<TargetOf<P, ActionOf<P>>>(target)));
    },
    useDecision(action, ...target) {
      const user = userNow();
      return computedSame(() => decide(user.value, toValue(action), ...valuesOf<TargetOf<P, ActionOf<P>>>(target)));
    },
    useAllowedActions(target) {
      const user = userNow();
      return computedSame(() => allowedActions(user.value, toValue(target)));
    },
    useAccessLevel(area, ...target) {
      const user = userNow();
      return computed(() => accessLevel(user.value, toValue(area), ...valuesOf<never>(target)));
    },
    useConnections(action, ...relations) {
      const user = userNow();
      return computedSame(() => connectionsFor(user.value, toValue(action), ...valuesOf<[]>(relations)));
    },
    useMatrix: () => subjectAbove().matrix,
    useWords() {
      const { words } = subjectAbove();
      const user = userNow();
      return computed(() => wordsFor(user.value, words.value));
    },
  };
}

/** What is provided. */
interface Subject<P extends Policy> {
  /** The user that the server rendered for. */
  readonly first: User<P>;
  readonly now: ComputedRef<User<P>>;
  readonly matrix: ComputedRef<GrantMatrix<P> | undefined>;
  readonly words: ComputedRef<Words | undefined>;
}

/** Reads arguments, each of which may be a ref or a getter. */
function valuesOf<Values>(sources: readonly MaybeRefOrGetter<unknown>[]): Values {
  return sources.map((source) => toValue(source)) as Values;
}

/** Computes a value that stays the same object while it is the same in JSON, and a user of the same account. */
function computedSame<Value>(compute: () => Value): ComputedRef<Value> {
  return computed((before?: Value) => {
    const value = compute();
    return before && originOf(before) === originOf(value) && JSON.stringify(before) === JSON.stringify(value)
      ? before
      : value;
  });
}
