import type { Fact } from '#lib/api/types.ts';

export type Lines = { first: number; last: number };

/** The rows of a sheet in which a fact was read, such as 2 to 10 of `Offers!A2:C10`; a header of a mail is no row. */
export function rowsOf({ line, end_line, path }: Fact['locator']): Lines | null {
	if (path?.startsWith('header:')) return null;
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

/** The lines of a text in which a fact was read; in XML those of its element, by the way to it, else by its value. */
export function linesOf(
	fact: Pick<Fact, 'locator' | 'value'>,
	text: readonly string[]
): Lines | null {
	const { line, end_line, path } = fact.locator;
	if (line) return { first: line, last: end_line ?? line };
	if (!path?.startsWith('/')) return null;
	const found = [lineOfPath(path, text), lineOfValue(path, fact.value, text)].find((at) => at >= 0);
	return found === undefined ? null : { first: found + 1, last: found + 1 };
}

const local = (name: string) => name.replace(/^.*:/, '');

/** Follow the tags to an element such as `/rsm:Invoice/ram:Item[2]`; prefixes may be others than the file's. */
function lineOfPath(path: string, text: readonly string[]): number {
	const steps = path.split('/').filter((step) => step && !step.startsWith('@'));
	const wanted = steps.map((step) => local(step.replace(/\[.*$/, ''))).join('/');
	let before = Number(/\[(\d+)\]$/.exec(steps.at(-1) ?? '')?.[1] ?? 1) - 1;
	const way: string[] = [];
	for (const [at, line] of text.entries())
		for (const [, closing, name] of line.matchAll(/<(\/?)([A-Za-z_][\w:.-]*)|\/>/g)) {
			if (!name || closing) way.pop();
			else if (way.push(local(name)) && way.join('/') === wanted && before-- === 0) return at;
		}
	return -1;
}

function lineOfValue(path: string, value: Fact['value'], text: readonly string[]): number {
	const name = /([\w.-]+)(?:\[[^\]]*\])*(?:\/@[\w:.-]+)?$/.exec(path)?.[1];
	const wanted = unified(typeof value === 'object' ? value.amount : String(value));
	if (!name) return -1;
	return text.findIndex((line) => line.includes(name) && unified(line).includes(wanted));
}

const terminalCodes =
	// eslint-disable-next-line no-control-regex
	/\x1b(?:\[[0-9;?]*[ -/]?[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[=>78])/g;

/** A line as it is read: a return alone goes back in its line, and colours of a terminal are no text. */
const clean = (line: string) => line.replaceAll('\r', ' ').replace(terminalCodes, '');

/** Cuts a text that comes in pieces into lines the way the readers of the server count them. */
export class Cutter {
	#rest = '';

	/** The lines that are whole with this piece; a return at its end may be half of a line ending. */
	take(piece: string): string[] {
		const lines = (this.#rest + piece).split(/\r?\n/);
		this.#rest = lines.pop()!;
		return lines.map(clean);
	}

	/** What is left when nothing more comes. */
	end(): string[] {
		return this.#rest ? [clean(this.#rest.replace(/\r$/, ''))] : [];
	}
}

export type Part = { text: string; isHit: boolean };

/** A line cut where some words are in it, in any case; of a long one what is around the first of them. */
export function partsOf(line: string, words: string, longest: number): Part[] {
	const wanted = words.trim().toLowerCase();
	const at = wanted ? line.toLowerCase().indexOf(wanted) : -1;
	const from = at + wanted.length > longest ? at - Math.floor(longest / 2) : 0;
	const kept = line.slice(from, from + longest);
	const text = (from ? '… ' : '') + kept + (from + kept.length < line.length ? ' …' : '');
	if (at < 0) return [{ text, isHit: false }];
	const lower = text.toLowerCase();
	const parts: Part[] = [];
	let end = 0;
	for (let hit = lower.indexOf(wanted); hit >= 0; hit = lower.indexOf(wanted, end)) {
		parts.push({ text: text.slice(end, hit), isHit: false });
		end = hit + wanted.length;
		parts.push({ text: text.slice(hit, end), isHit: true });
	}
	return [...parts, { text: text.slice(end), isHit: false }];
}

const shouted = /\b(?:ERROR|FATAL|CRITICAL|SEVERE|PANIC|panic:|Traceback|\w*(?:Error|Exception))\b/;

/** The numbers of the lines that hold some words, or without words those where trouble begins. */
export function hitsIn(lines: readonly string[], words: string): number[] {
	const wanted = words.trim().toLowerCase();
	const isHit = wanted
		? (line: string) => line.toLowerCase().includes(wanted)
		: (line: string) => shouted.test(line);
	const hits = lines.flatMap((line, index) => (isHit(line) ? index + 1 : []));
	return wanted ? hits : hits.filter((at, n) => !goesOn(lines, hits[n - 1], at));
}

/** Whether a line belongs to the trouble of one before: as its cause, or as the end of a traceback. */
const goesOn = (lines: readonly string[], before: number | undefined, at: number): boolean =>
	before !== undefined &&
	(lines[at - 1]!.startsWith('Caused by: ') ||
		(lines[before - 1]!.includes('Traceback') &&
			lines.slice(before, at - 1).every((line) => /^\s/.test(line))));
