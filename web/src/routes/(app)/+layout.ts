import { redirect } from '@sveltejs/kit';
import { signInFor } from '#lib/session/local.ts';
import { who } from '#lib/session/session.svelte.ts';

export async function load({ url, parent }) {
	await parent();
	if (who.user) return { user: who.user };
	redirect(307, who.setup.open ? '/setup' : signInFor(url));
}
