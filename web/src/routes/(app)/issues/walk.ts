import type { Action } from '#lib/keys/keys.svelte.ts';

const all = () => [...document.querySelectorAll<HTMLElement>('[data-row]')];

function walk(by: number, onend: () => void) {
	const rows = all();
	const here = rows.findIndex((row) => row === document.activeElement);
	const next = here < 0 ? 0 : here + by;
	if (next >= rows.length - 5) onend();
	rows[Math.max(0, Math.min(next, rows.length - 1))]?.focus();
}

const open = () =>
	(document.activeElement as HTMLElement | null)?.closest<HTMLElement>('[data-row]')?.click();

/** Moving through the rows and opening one without a mouse. */
export function rowKeys(onend: () => void): Action[] {
	return [
		{ title: 'Next issue', group: 'List', keys: 'J', icon: 'down', run: () => walk(1, onend) },
		{ title: 'Previous issue', group: 'List', keys: 'K', icon: 'up', run: () => walk(-1, onend) },
		{ title: 'Open the issue', group: 'List', keys: 'O', icon: 'right', run: open },
		{
			title: 'Search in the list',
			group: 'List',
			keys: '/',
			icon: 'search',
			run: () => document.querySelector<HTMLElement>('[data-query]')?.focus()
		}
	];
}
