import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

export default ts.config(
	js.configs.recommended,
	...ts.configs.recommended,
	...svelte.configs.recommended,
	...svelte.configs.prettier,
	{ languageOptions: { globals: { ...globals.browser, ...globals.node } } },
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser } }
	},
	{
		rules: {
			'no-undef': 'off',
			'svelte/no-navigation-without-resolve': 'off',
			'max-lines': ['error', { max: 200, skipBlankLines: false }],
			'svelte/no-at-html-tags': 'error',
			'no-restricted-globals': [
				'error',
				{ name: 'fetch', message: 'Only lib/api talks to the server.' },
				{ name: 'XMLHttpRequest', message: 'Only lib/api talks to the server.' },
				{ name: 'EventSource', message: 'Only lib/live listens to the server.' }
			],
			'no-restricted-imports': [
				'error',
				{
					name: '$app/navigation',
					importNames: ['invalidate'],
					message: 'lib/live/refresh.ts loads again, one after another.'
				}
			]
		}
	},
	{ files: ['src/lib/api/**'], rules: { 'no-restricted-globals': 'off' } },
	{ files: ['src/lib/live/refresh.ts'], rules: { 'no-restricted-imports': 'off' } },
	{ files: ['src/lib/api/schema.d.ts'], rules: { 'max-lines': 'off' } },
	{ ignores: ['.svelte-kit/', 'node_modules/'] }
);
