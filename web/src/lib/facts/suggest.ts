import type { Fact } from '#lib/api/types.ts';
import type { Severity } from '#lib/issues/words.ts';
import { show } from './words.ts';

export type Suggestion = { title: string; severity: Severity };

const longest = 200;

function teller(facts: readonly Fact[]) {
	return (name: string) => {
		const fact = facts.find((one) => one.name === name);
		return fact ? show(fact.value, fact.type).replace(/\s+/g, ' ').trim() : '';
	};
}

function crash(tell: (name: string) => string): Suggestion | null {
	const type = tell('crash.type');
	if (!type) return null;
	const message = tell('crash.message');
	return { title: type + (message && `: ${message}`), severity: 'high' };
}

function invoice(tell: (name: string) => string): Suggestion | null {
	const number = tell('invoice.number');
	if (!number && !tell('invoice.total')) return null;
	const from = tell('invoice.supplier') && `from ${tell('invoice.supplier')}`;
	const head = ['Invoice', number, from].filter(Boolean).join(' ');
	return { title: [head, tell('invoice.total')].filter(Boolean).join(', '), severity: 'medium' };
}

/** A title and severity from what was read in a file, or from its name when nothing was. */
export function suggest(facts: readonly Fact[], fileName: string): Suggestion {
	const tell = teller(facts);
	const bare = fileName
		.replace(/\.[a-z0-9]{1,8}$/i, '')
		.replace(/[_\s]+/g, ' ')
		.trim();
	const found = crash(tell) ??
		invoice(tell) ?? { title: tell('document.title') || bare, severity: 'medium' as const };
	return { ...found, title: [...found.title].slice(0, longest).join('') };
}
