import { api, body } from './client.ts';
import type { Session, Setup, User } from './types.ts';

export const whoAmI = (): Promise<Session> =>
	body(api.GET('/api/v1/auth/session', {})) as Promise<Session>;

export const signIn = (email: string, password: string): Promise<Session> =>
	body(api.POST('/api/v1/auth/session', { body: { email, password } })) as Promise<Session>;

export const signOut = (): Promise<unknown> => body(api.DELETE('/api/v1/auth/session', {}));

export const register = (email: string, password: string, name: string): Promise<User> =>
	body(api.POST('/api/v1/auth/register', { body: { email, password, name } }));

export const setup = (): Promise<Setup> => body(api.GET('/api/v1/setup', {}));

export const setUp = (wish: {
	email: string;
	password: string;
	name: string;
	setup_token?: string;
}): Promise<User> => body(api.POST('/api/v1/setup', { body: wish }));

/** Fill an installation that has no issue yet with made-up ones. */
export const addSamples = (): Promise<{ issues: number }> =>
	body(api.POST('/api/v1/setup/samples', {}));
