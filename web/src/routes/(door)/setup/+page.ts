import { redirect } from '@sveltejs/kit';
import { who } from '#lib/session/session.svelte.ts';

export async function load({ parent }) {
	await parent();
	if (!who.setup.open) redirect(307, '/');
}
