/** The lines that say something. */
export const said = (lines: readonly string[]): string[] =>
	lines.map((line) => line.trim()).filter(Boolean);

/** Which line on the page an error is about: the server counts only those that say something. */
export function errorsOf(
	fields: Record<string, string>,
	lines: readonly string[]
): Record<number, string> {
	const places = lines.flatMap((line, index) => (line.trim() ? [index] : []));
	const found: Record<number, string> = {};
	for (const [field, message] of Object.entries(fields)) {
		const place = places[Number(/^rules\.(\d+)/.exec(field)?.[1])];
		if (place !== undefined) found[place] = message;
	}
	return found;
}
