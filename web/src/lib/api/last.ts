import { error } from '@sveltejs/kit';
import { Problem } from './problem.ts';

export type Refreshed<T> = T & {
	/** What the page shows is no longer there, or no longer for this person. */
	isGone: boolean;
	/** Called when the page is left: from then on a failure is one. */
	forget: () => void;
};

/**
 * What a page was drawn from: while it stands there, a refresh that fails leaves it and what is typed on it.
 *
 * `name` tells what is asked for; a page that is opened and not found is the page of what is not there.
 */
export function lastAnswer<T extends object>() {
	let kept: { name: string; answer: T } | null = null;

	const told = (name: string, answer: T, isGone: boolean): Refreshed<T> => ({
		...answer,
		isGone,
		forget: () => {
			if (kept?.name === name) kept = null;
		}
	});

	return async (name: string, ask: () => Promise<T>): Promise<Refreshed<T>> => {
		try {
			const answer = await ask();
			kept = { name, answer };
			return told(name, answer, false);
		} catch (thrown) {
			const isMissing = thrown instanceof Problem && thrown.status === 404;
			if (kept?.name === name) return told(name, kept.answer, isMissing);
			if (isMissing) error(404, 'Not found');
			throw thrown;
		}
	};
}
