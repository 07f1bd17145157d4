import { summary } from '#lib/api/people.ts';
import { about } from '#lib/live/live.svelte.ts';

export async function load({ parent, depends }) {
	await parent();
	depends(about.numbers);
	return { summary: await summary() };
}
