import { expect, test } from 'vitest';
import { errorsOf, said } from './rules.ts';

const lines = ['kind:crash', '  ', 'kind:nothing', ' invoice.total:>1 '];

test('blank lines are not sent', () => {
	expect(said(lines)).toEqual(['kind:crash', 'kind:nothing', 'invoice.total:>1']);
});

test('an error stands beside the line that the person sees', () => {
	expect(errorsOf({ 'rules.1': 'no such kind', name: 'x' }, lines)).toEqual({ 2: 'no such kind' });
	expect(errorsOf({ rules: 'too many' }, lines)).toEqual({});
});
