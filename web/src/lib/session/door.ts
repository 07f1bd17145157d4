import { redirect } from '@sveltejs/kit';
import { localPath } from './local.ts';
import { who } from './session.svelte.ts';

/** Where a person goes once inside; whoever is inside already, or has to set up first, is sent there. */
export function throughTheDoor(url: URL): { next: string } {
	const next = localPath(url.searchParams.get('next'));
	if (who.user) redirect(307, next);
	if (who.setup.open) redirect(307, '/setup');
	return { next };
}
