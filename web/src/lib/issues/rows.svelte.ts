import { get, list } from '#lib/api/issues.ts';
import { Problem } from '#lib/api/problem.ts';
import type { Count, IssueRow, Rows as RowPage } from '#lib/api/types.ts';
import { append, merge } from './merge.ts';

/** The rows of one list address as they stand on the screen. */
export class Rows {
	shown = $state.raw<IssueRow[]>([]);
	unseen = $state(0);
	gone = $state.raw<number[]>([]);
	count = $state.raw<Count | undefined>();
	loading = $state(false);
	#cursor = $state<string | null>(null);
	#changed: number[] = [];

	constructor(
		readonly search: string,
		page: RowPage
	) {
		this.#begin(page);
	}

	get hasMore() {
		return this.#cursor !== null;
	}

	/** Remember that an issue changed, so that the next refresh looks at it wherever it stands. */
	touch(id: number) {
		this.#changed.push(id);
	}

	/** Take in the first page anew; its new rows wait, unless nothing stands there that they would push away. */
	refresh(page: RowPage) {
		if (!this.shown.length) return this.#begin(page);
		const { rows, unseen, missing } = merge(this.shown, page.items);
		this.shown = rows;
		this.unseen = unseen.length;
		this.count = page.count ?? undefined;
		const changed = this.#changed.splice(0);
		missing.filter((id) => changed.includes(id)).forEach((id) => void this.#look(id));
	}

	async more() {
		if (this.loading || !this.#cursor) return;
		this.loading = true;
		try {
			const page = await list(this.search, this.#cursor);
			this.shown = append(this.shown, page.items);
			this.#cursor = page.next_cursor;
		} finally {
			this.loading = false;
		}
	}

	#begin(page: RowPage) {
		this.shown = page.items;
		this.count = page.count ?? undefined;
		this.#cursor = page.next_cursor;
	}

	async #look(id: number) {
		try {
			const issue = await get(id);
			this.shown = this.shown.map((row) => (row.id === id ? issue : row));
		} catch (thrown) {
			if (thrown instanceof Problem && thrown.status === 404) this.gone = [...this.gone, id];
		}
	}
}
