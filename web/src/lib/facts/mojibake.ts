const pages = ['windows-1252', 'windows-1254'].map((name) => {
	const all = new TextDecoder(name).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
	return new Map([...all].map((letter, byte) => [letter, byte]));
});
const strict = new TextDecoder('utf-8', { fatal: true });
const outside = /[^\x00-\x7f]+/g; // eslint-disable-line no-control-regex -- what is not ASCII
const mostNatural = 0.1;

/**
 * A text as it was meant when it was UTF-8 that a program took for an 8-bit page; null when it is not.
 *
 * Decoding back succeeds only by design: what UTF-8 writes outside ASCII becomes characters that hardly ever
 * stand together.
 */
export function asMeant(text: string): string | null {
	const runs = text.match(outside) ?? [];
	const meant = new Map([...new Set(runs)].map((run) => [run, repair(run)]));
	const wrong = runs.filter((run) => meant.get(run) !== null);
	if (runs.length - wrong.length > mostNatural * runs.length || !isClear(wrong)) return null;
	return text.replace(outside, (run) => meant.get(run) ?? run);
}

/** No accident: several different runs, a long one, or one that no language writes. */
function isClear(wrong: string[]): boolean {
	const [first] = wrong;
	if (!first) return false;
	const isStrange = [...first].every((letter) => letter < '\u0100');
	return new Set(wrong).size > 1 || first.length > 2 || isStrange;
}

/** Whether the beginning of a text was decoded wrongly. */
export const isWrong = (lines: readonly string[]): boolean =>
	asMeant(lines.slice(0, 2_000).join('\n')) !== null;

function repair(run: string): string | null {
	for (const page of pages) {
		const bytes = [...run].map((letter) => page.get(letter));
		if (bytes.includes(undefined)) continue;
		try {
			const found = strict.decode(Uint8Array.from(bytes as number[]));
			if (found.length < run.length) return found;
		} catch {
			continue;
		}
	}
	return null;
}
