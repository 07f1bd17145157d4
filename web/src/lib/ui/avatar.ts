/** Up to two letters that stand for a name. */
export function initials(name: string): string {
	const words = name.split(/[\s@._-]+/).filter(Boolean);
	const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
	return (
		letters
			.map((word) => [...(word ?? '')][0] ?? '')
			.join('')
			.toUpperCase() || '?'
	);
}

/** A hue between 0 and 359 that stays the same for a name. */
export function hue(name: string): number {
	let sum = 7;
	for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 3600;
	return sum % 360;
}
