import { lastAnswer } from '#lib/api/last.ts';
import { summary } from '#lib/api/people.ts';
import { about } from '#lib/live/live.svelte.ts';

const last = lastAnswer<{ summary: Awaited<ReturnType<typeof summary>> }>();

export async function load({ parent, depends }) {
	await parent();
	depends(about.numbers);
	return last('', async () => ({ summary: await summary() }));
}
