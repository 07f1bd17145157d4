import { throughTheDoor } from '#lib/session/door.ts';

export async function load({ url, parent }) {
	await parent();
	return throughTheDoor(url);
}
