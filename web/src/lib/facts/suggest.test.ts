import { expect, test } from 'vitest';
import type { Fact, FactType, FactValue } from '#lib/api/types.ts';
import { suggest } from './suggest.ts';

function fact(name: string, value: FactValue, type: FactType = 'text'): Fact {
	const origin = {
		extractor: 'x',
		extractor_version: 1,
		confidence: 1,
		corrected_by: null,
		corrected_at: null
	};
	const rest = { id: 1, attachment_id: 1, locator: {}, read_value: value, alternatives: [] };
	return { ...rest, ...origin, name, type, value };
}

test('an invoice is named by number, supplier and total', () => {
	const facts = [
		fact('invoice.number', '471102'),
		fact('invoice.supplier', 'Lieferant GmbH'),
		fact('invoice.total', { amount: '473.00', currency: 'EUR' }, 'money')
	];
	expect(suggest(facts, 'scan.pdf')).toEqual({
		title: 'Invoice 471102 from Lieferant GmbH, 473.00 EUR',
		severity: 'medium'
	});
});

test('a crash is severe and named by its exception', () => {
	const facts = [fact('crash.type', 'KeyError'), fact('crash.message', "'user'\n")];
	expect(suggest(facts, 'log.txt')).toEqual({ title: "KeyError: 'user'", severity: 'high' });
});

test('a file in which nothing was read gives its name', () => {
	expect(suggest([], 'printer_on_fire.png').title).toBe('printer on fire');
});

test('a title never grows longer than the server takes', () => {
	const facts = [fact('crash.type', 'Error'), fact('crash.message', 'x'.repeat(900))];
	expect(suggest(facts, 'a.txt').title).toHaveLength(200);
});
