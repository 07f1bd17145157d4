import { expect, test } from 'vitest';
import { asMeant } from './mojibake.ts';

test.each([
	['MÃ¼ller & SÃ¶hne', 'Müller & Söhne'],
	['itâ€™s 5 â‚¬', 'it’s 5 €'],
	['Ã–sterreich und KÃ¶ln', 'Österreich und Köln']
])('%s was meant as %s', (wrong, meant) => {
	expect(asMeant(wrong)).toBe(meant);
});

test.each(['Müller', 'plain', 'NÃO', 'für 5 €', 'Müller, Söhne, MÃ¼ller', 'Ã–sterreich'])(
	'%s stays',
	(right) => {
		expect(asMeant(right)).toBeNull();
	}
);
