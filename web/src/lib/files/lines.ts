import type { Fact } from '#lib/api/types.ts';

export type Lines = { first: number; last: number };

/** The rows of a sheet in which a fact was read, such as 2 to 10 of `Offers!A2:C10`. */
export function rowsOf({ line, end_line, path }: Fact['locator']): Lines | null {
	if (line) return { first: line, last: end_line ?? line };
	const [, first, last] = /![A-Z]+(\d+):[A-Z]+(\d+)$/.exec(path ?? '') ?? [];
	return first ? { first: Number(first), last: Number(last) } : null;
}

/** The way through JSON to a place such as `/log/entries/3`. */
export function stepsOf(pointer: string | null | undefined): string[] | null {
	if (!pointer?.startsWith('/')) return null;
	const unescaped = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');
	return pointer.slice(1).split('/').map(unescaped);
}

const unified = (text: string) => text.replace(/[\s-]/g, '').toLowerCase();

/** The lines of a text in which a fact was read; for XML the element's line is looked for by its name and value. */
export function linesOf(
	fact: Pick<Fact, 'locator' | 'value'>,
	text: readonly string[]
): Lines | null {
	const { line, end_line, path } = fact.locator;
	if (line) return { first: line, last: end_line ?? line };
	const found = path ? lineOfElement(path, fact.value, text) : -1;
	return found < 0 ? null : { first: found + 1, last: found + 1 };
}

function lineOfElement(path: string, value: Fact['value'], text: readonly string[]): number {
	const name = /([\w.-]+)(?:\[[^\]]*\])*(?:\/@[\w:.-]+)?$/.exec(path)?.[1];
	const wanted = unified(typeof value === 'object' ? value.amount : String(value));
	if (!name) return -1;
	return text.findIndex((line) => line.includes(name) && unified(line).includes(wanted));
}

/** Cuts a text that comes in pieces into lines the way editors count them. */
export class Cutter {
	#rest = '';

	/** The lines that are whole with this piece; a return at its end may be half of a line ending. */
	take(piece: string): string[] {
		const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
		this.#rest = lines.pop()!;
		return lines;
	}

	/** What is left when nothing more comes. */
	end(): string[] {
		const last = this.#rest.replace(/\r$/, '');
		return last || this.#rest ? [last] : [];
	}
}

const shouted = /\b(?:ERROR|FATAL|CRITICAL|SEVERE|PANIC|panic:|Traceback|\w*(?:Error|Exception))\b/;

/** The numbers of the lines that hold some words, or without words those that speak of trouble. */
export function hitsIn(lines: readonly string[], words: string): number[] {
	const wanted = words.trim().toLowerCase();
	const isHit = wanted
		? (line: string) => line.toLowerCase().includes(wanted)
		: (line: string) => shouted.test(line);
	return lines.flatMap((line, index) => (isHit(line) ? index + 1 : []));
}
