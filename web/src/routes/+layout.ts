import { who } from '#lib/session/session.svelte.ts';

export const ssr = false;

export async function load() {
	await who.start();
}
