import { projects } from '#lib/api/people.ts';

export async function load({ parent }) {
	const { user } = await parent();
	return { user, projects: await projects() };
}
