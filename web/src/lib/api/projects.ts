import { api, body } from './client.ts';
import type { Project } from './types.ts';

const at = (key: string) => ({ params: { path: { key } } });

export const makeProject = (wish: {
	key: string;
	name: string;
	description: string;
}): Promise<Project> => body(api.POST('/api/v1/projects', { body: wish }));

export const changeProject = (
	key: string,
	wish: { name?: string; description?: string; submissions?: boolean }
): Promise<Project> => body(api.PATCH('/api/v1/projects/{key}', { ...at(key), body: wish }));

/** The lines of which one that fits a file proposes the project. */
export const rules = async (key: string): Promise<string[]> =>
	(await body(api.GET('/api/v1/projects/{key}/rules', at(key)))).rules;

export const putRules = async (key: string, lines: string[]): Promise<string[]> =>
	(await body(api.PUT('/api/v1/projects/{key}/rules', { ...at(key), body: { rules: lines } })))
		.rules;
