/** The fixed words of an issue, in the order people read them. */
export const statuses = ['open', 'triaged', 'in_progress', 'done'] as const;
export const severities = ['critical', 'high', 'medium', 'low'] as const;
export const priorities = ['urgent', 'high', 'medium', 'low', 'none'] as const;
export const resolutions = ['fixed', 'answered', 'wont_fix', 'duplicate', 'invalid'] as const;

export type Status = (typeof statuses)[number];
export type Severity = (typeof severities)[number];
export type Priority = (typeof priorities)[number];
export type Resolution = (typeof resolutions)[number];

const spoken: Record<string, string> = {
	in_progress: 'In progress',
	wont_fix: 'Won’t fix',
	none: 'No priority'
};

/** The word as people write it: `in_progress` is "In progress". */
export function say(word: string): string {
	return spoken[word] ?? word.charAt(0).toUpperCase() + word.slice(1).replaceAll('_', ' ');
}

/** Where an issue may go from a status; the server has the last word. */
export const moves: Record<Status, readonly Status[]> = {
	open: ['triaged', 'in_progress', 'done'],
	triaged: ['open', 'in_progress', 'done'],
	in_progress: ['triaged', 'done'],
	done: ['open']
};
