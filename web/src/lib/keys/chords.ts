/** The name of a pressed key as it stands in a chord: "Mod+K", "Escape", "G", "?". */
export function pressed(event: {
	key: string;
	ctrlKey: boolean;
	metaKey: boolean;
	altKey: boolean;
}): string {
	const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
	const mod = event.ctrlKey || event.metaKey ? 'Mod+' : '';
	return mod + (event.altKey ? 'Alt+' : '') + key;
}

/** Whether a chord is only letters or signs, which would be typed in a text field. */
export function isPlain(chord: string): boolean {
	return !chord.includes('Mod+') && chord !== 'Escape';
}

export type Step<T> = { found?: T; prefix: string };

/** One key further: the action it completes, or the beginning of a longer chord. */
export function step<T extends { keys?: string }>(
	actions: readonly T[],
	prefix: string,
	key: string
): Step<T> {
	const typed = prefix ? `${prefix} ${key}` : key;
	const chords = (action: T) => (action.keys ?? '').split(', ');
	const found = actions.findLast((action) => chords(action).includes(typed));
	if (found) return { found, prefix: '' };
	const begins = actions.some((action) =>
		chords(action).some((one) => one.startsWith(`${typed} `))
	);
	return { prefix: begins ? typed : '' };
}
