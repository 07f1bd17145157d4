import { edit, label as putLabels } from '#lib/api/issues.ts';
import { Problem, sentence } from '#lib/api/problem.ts';
import type { Conflict, Issue, IssueEdit } from '#lib/api/types.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';

type Shown = Partial<Issue>;

/**
 * Changes to one issue: shown at once, marked until the server has them, taken back with the reason when refused.
 *
 * A change names the version it was made on. When someone else changed the same field, `conflict` holds both
 * values until the person has chosen.
 */
export class Editing {
	waiting = $state.raw<Shown>({});
	conflict = $state.raw<{ conflicts: Conflict[]; wish: IssueEdit; current: Issue } | null>(null);
	#issue: () => Issue;
	#reload: () => Promise<void>;
	#queue: Promise<unknown> = Promise.resolve();

	constructor(issue: () => Issue, reload: () => Promise<void>) {
		this.#issue = issue;
		this.#reload = reload;
	}

	/** The issue as the person should see it: the server's, with what is on its way. */
	get issue(): Issue {
		return { ...this.#issue(), ...this.waiting };
	}

	isWaiting(field: keyof Issue) {
		return field in this.waiting;
	}

	/** Send some fields; true when they are saved. `version` is the one the person saw when they began. */
	change(wish: IssueEdit, shown: Shown, version?: number): Promise<boolean> {
		return this.#send(shown, () =>
			edit(this.#issue().id, version ?? this.#issue().version, wish)
		).catch((thrown) => this.#refused(thrown, wish));
	}

	label(names: string[]): Promise<boolean> {
		const { id } = this.#issue();
		return this.#send({ labels: names }, () => putLabels(id, names)).catch((thrown) =>
			this.#refused(thrown, {})
		);
	}

	/** Send what was chosen in a conflict; the base is now what the others made of it. */
	async settle(chosen: IssueEdit): Promise<boolean> {
		const { current } = this.conflict!;
		this.conflict = null;
		await this.#reload();
		return Object.keys(chosen).length ? this.change(chosen, {}, current.version) : true;
	}

	#send(shown: Shown, call: () => Promise<Issue>): Promise<boolean> {
		this.waiting = { ...this.waiting, ...shown };
		const sent = this.#queue.then(async () => {
			try {
				await call();
				await this.#reload();
			} finally {
				this.#forget(shown);
			}
			return true;
		});
		this.#queue = sent.catch(() => undefined);
		return sent;
	}

	#forget(shown: Shown) {
		const still = Object.entries(this.waiting).filter(
			([field, value]) => !(field in shown) || shown[field as keyof Issue] !== value
		);
		this.waiting = Object.fromEntries(still) as Shown;
	}

	#refused(thrown: unknown, wish: IssueEdit): false {
		if (thrown instanceof Problem && thrown.code === 'conflict' && thrown.current)
			this.conflict = { conflicts: thrown.conflicts, wish, current: thrown.current };
		else toasts.say(sentence(thrown), 'danger');
		void this.#reload();
		return false;
	}
}
