import { error } from '@sveltejs/kit';
import { door } from '#lib/api/door.ts';
import { Problem } from '#lib/api/problem.ts';

export async function load({ params, parent }) {
	await parent();
	try {
		return { door: await door(params.project) };
	} catch (thrown) {
		if (thrown instanceof Problem && thrown.status === 404) error(404, 'Not found');
		throw thrown;
	}
}
