import { list } from '#lib/api/issues.ts';
import { lastAnswer } from '#lib/api/last.ts';
import { Problem } from '#lib/api/problem.ts';
import type { Rows } from '#lib/api/types.ts';
import { say } from '#lib/issues/words.ts';
import { about } from '#lib/live/live.svelte.ts';

const last = lastAnswer<{ rows: Rows; refusal: string }>();

/** What the server does not understand of a search, in a sentence about it. */
function refusalOf(thrown: unknown): string {
	if (!(thrown instanceof Problem && thrown.status === 422)) throw thrown;
	const [field = 'q', message = thrown.message] = Object.entries(thrown.fields)[0] ?? [];
	return `${field === 'q' ? 'The search' : say(field)} ${message}.`;
}

async function rowsFor(search: string): Promise<{ rows: Rows; refusal: string }> {
	try {
		return { rows: await list(search), refusal: '' };
	} catch (thrown) {
		return { rows: { items: [], next_cursor: null }, refusal: refusalOf(thrown) };
	}
}

export async function load({ url, parent, depends }) {
	depends(about.list);
	await parent();
	const { search } = url;
	return { search, ...(await last(search, () => rowsFor(search))) };
}
