import { error } from '@sveltejs/kit';
import { receipt } from '#lib/api/door.ts';
import { Problem } from '#lib/api/problem.ts';

export async function load({ params, parent, depends }) {
	await parent();
	depends('door:receipt');
	try {
		return { token: params.token, receipt: await receipt(params.token) };
	} catch (thrown) {
		if (thrown instanceof Problem && thrown.status === 404) error(404, 'Not found');
		throw thrown;
	}
}
