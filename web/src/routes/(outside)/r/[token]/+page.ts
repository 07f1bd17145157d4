import { receipt } from '#lib/api/door.ts';
import { lastAnswer } from '#lib/api/last.ts';
import type { Receipt } from '#lib/api/types.ts';

const last = lastAnswer<{ receipt: Receipt }>();

export async function load({ params, parent, depends }) {
	await parent();
	depends('door:receipt');
	const { token } = params;
	return { token, ...(await last(token, async () => ({ receipt: await receipt(token) }))) };
}
