import type { Severity } from '#lib/issues/words.ts';

/** What a draft is kept by in this browser, and what it is when nothing was written. */
export const name = 'new-issue';
export const plain = { title: '', severity: 'medium', project: 'INBOX' } as const;

export type Kept = {
	title: string;
	description: string;
	project: string;
	severity: Severity;
	touched: string[];
	labels: { names: string[]; isChosen: boolean };
	files: number[];
};
