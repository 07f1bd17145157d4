import { error } from '@sveltejs/kit';
import { projects } from '#lib/api/people.ts';
import { who } from '#lib/session/session.svelte.ts';

export async function load({ parent, depends }) {
	await parent();
	if (!who.isMaintainer) error(404, 'Not found');
	depends('settings:projects');
	return { projects: await projects() };
}
