/** A number that JavaScript cannot hold as it is written, such as a long identifier or 1.10. */
export class Written {
	constructor(readonly digits: string) {}
}

type Context = { source?: string };

const unusual = /\d{16}|\.\d*0(?!\d)|\d[eE]/;

/** Parse JSON and keep its numbers as they are written; throws for what is no JSON. */
export function parsed(text: string): unknown {
	if (!unusual.test(text)) return JSON.parse(text);
	const keep = (_: string, value: unknown, context?: Context) =>
		typeof value === 'number' && context?.source && context.source !== String(value)
			? new Written(context.source)
			: value;
	return JSON.parse(text, keep);
}

/** A value that holds no others, as it is written, and what kind it is. */
export function told(value: unknown): { text: string; kind: 'text' | 'number' | 'other' } {
	if (value instanceof Written) return { text: value.digits, kind: 'number' };
	const text = JSON.stringify(value) ?? '';
	if (typeof value === 'string') return { text, kind: 'text' };
	return { text, kind: typeof value === 'number' ? 'number' : 'other' };
}
