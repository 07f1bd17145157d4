import { people } from '#lib/api/people.ts';
import type { User } from '#lib/api/types.ts';

type Page = { items: User[]; next_cursor: string | null };

/** The people that match some words: the first page, and those below it as they are asked for. */
export class Directory {
	shown = $state.raw<User[]>([]);
	loading = $state(false);
	#cursor = $state<string | null>(null);

	constructor(
		readonly q: string,
		first: Page
	) {
		this.#add(first);
	}

	get hasMore() {
		return this.#cursor !== null;
	}

	/** Fresh first rows after a change; those below are asked for again as far as they were open. */
	async refresh(first: Page) {
		const wanted = this.shown.length;
		const fresh = [...first.items];
		let cursor = first.next_cursor;
		while (cursor && fresh.length < wanted) {
			const page: Page = await people(this.q, cursor);
			fresh.push(...page.items);
			cursor = page.next_cursor;
		}
		this.shown = fresh;
		this.#cursor = cursor;
	}

	async more() {
		if (this.loading || !this.#cursor) return;
		this.loading = true;
		try {
			this.#add(await people(this.q, this.#cursor));
		} finally {
			this.loading = false;
		}
	}

	#add(page: Page) {
		this.shown = [...this.shown, ...page.items];
		this.#cursor = page.next_cursor;
	}
}
