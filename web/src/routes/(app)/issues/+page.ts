import { list } from '#lib/api/issues.ts';
import { about } from '#lib/live/live.svelte.ts';

export async function load({ url, parent, depends }) {
	depends(about.list);
	await parent();
	return { search: url.search, rows: await list(url.search) };
}
