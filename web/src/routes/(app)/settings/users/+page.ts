import { error } from '@sveltejs/kit';
import { people } from '#lib/api/people.ts';
import { about } from '#lib/live/live.svelte.ts';
import { who } from '#lib/session/session.svelte.ts';

export async function load({ parent, depends, url }) {
	await parent();
	if (!who.isAdmin) error(404, 'Not found');
	depends(about.users);
	const q = url.searchParams.get('q') ?? '';
	return { q, first: await people(q) };
}
