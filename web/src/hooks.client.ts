import { Problem, sentence } from '#lib/api/problem.ts';
import type { HandleClientError } from '@sveltejs/kit/hooks';

export const handleError: HandleClientError = ({ kind, error }) => {
	if (kind !== 'unknown') return;
	if (error instanceof Problem) return { status: error.status, message: error.message };
	console.error(error);
	return { message: sentence(error) };
};
