/** Words as Markdown quotes them, below what was typed already. */
export function quoted(typed: string, words: string): string {
	const lines = words
		.trim()
		.split('\n')
		.map((line) => `> ${line}`.trimEnd());
	return [...(typed.trim() ? [typed.trimEnd()] : []), lines.join('\n'), ''].join('\n\n');
}
