import { error } from '@sveltejs/kit';

export async function load() {
	return import.meta.env.DEV ? { Gallery: (await import('./Gallery.svelte')).default } : error(404);
}
