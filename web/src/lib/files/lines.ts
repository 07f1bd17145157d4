import type { Fact } from '#lib/api/types.ts';

export type Lines = { first: number; last: number };

/** The rows of a sheet in which a fact was read, such as 2 to 10 of `Offers!A2:C10`. */
export function rowsOf({ line, end_line, path }: Fact['locator']): Lines | null {
	if (line) return { first: line, last: end_line ?? line };
	const [, first, last] = /![A-Z]+(\d+):[A-Z]+(\d+)$/.exec(path ?? '') ?? [];
	return first ? { first: Number(first), last: Number(last) } : null;
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

/** Cut a file into lines the way editors count them. */
export function cut(text: string): string[] {
	const lines = text.split(/\r\n|\n|\r/);
	if (lines.at(-1) === '') lines.pop();
	return lines;
}
