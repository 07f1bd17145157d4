import { sessions, tokens } from '#lib/api/people.ts';

export async function load({ parent, depends }) {
	await parent();
	depends('own:profile');
	const [ends, keys] = await Promise.all([sessions(), tokens()]);
	return { sessions: ends, tokens: keys };
}
