import { edit, label as putLabels } from '#lib/api/issues.ts';
import { Problem, sentence } from '#lib/api/problem.ts';
import type { Conflict, Issue, IssueEdit } from '#lib/api/types.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';

type Shown = Partial<Issue>;
type Clash = { conflicts: Conflict[]; wish: IssueEdit; current: Issue };

/**
 * Changes to one issue: shown at once, marked until the server has them, taken back with the reason when refused.
 *
 * A change names the version it was made on. When someone else changed the same field, `conflict` holds both
 * values until the person has chosen.
 */
export class Editing {
	waiting = $state.raw<Shown>({});
	conflict = $state.raw<Clash | null>(null);
	readonly #id: number;
	#given: () => Issue;
	#reload: () => Promise<void>;
	#queue: Promise<unknown> = Promise.resolve();
	/** What the server answered last; the page may have loaded an older state of it. */
	#answered = $state.raw<Issue | null>(null);
	/** The versions that own changes made: they are no one else's. */
	#own: Record<string, number> = {};

	constructor(given: () => Issue, reload: () => Promise<void>) {
		this.#id = given().id;
		this.#given = given;
		this.#reload = reload;
	}

	/** The issue as the person should see it: the newest of the server's, with what is on its way. */
	get issue(): Issue {
		return { ...this.#newest, ...this.waiting };
	}

	get #newest(): Issue {
		const given = this.#given();
		const answered = this.#answered;
		return answered && answered.version > given.version ? answered : given;
	}

	isWaiting(field: keyof Issue) {
		return field in this.waiting;
	}

	/** Send some fields; true when they are saved. `version` is the one the person saw when they began. */
	change(wish: IssueEdit, shown: Shown, version = this.#newest.version): Promise<boolean> {
		const fields = Object.keys(wish);
		const call = async () => {
			const base = Math.max(version, ...fields.map((field) => this.#own[field] ?? 0));
			const answered = await edit(this.#id, base, wish);
			fields.forEach((field) => (this.#own[field] = answered.version));
			return answered;
		};
		return this.#send(shown, call).catch((thrown) => this.#refused(thrown, wish));
	}

	label(names: string[]): Promise<boolean> {
		return this.#send({ labels: names }, () => putLabels(this.#id, names)).catch((thrown) =>
			this.#refused(thrown, {})
		);
	}

	/** Send what was chosen in a conflict, which stays until that is saved; the base is what the others made of it. */
	async settle(chosen: IssueEdit): Promise<boolean> {
		const settled = this.conflict!;
		await this.#reload();
		const isSaved =
			!Object.keys(chosen).length || (await this.change(chosen, {}, settled.current.version));
		if (isSaved && this.conflict === settled) this.conflict = null;
		return isSaved;
	}

	#send(shown: Shown, call: () => Promise<Issue>): Promise<boolean> {
		this.waiting = { ...this.waiting, ...shown };
		const sent = this.#queue.then(async () => {
			try {
				this.#answered = await call();
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
