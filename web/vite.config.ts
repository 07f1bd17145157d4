import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { pages } from './pages.ts';
import { withoutInlineStyle } from './style.ts';

const output = '../src/sightline/interface/static';
const server = process.env.SIGHTLINE_SERVER ?? 'http://127.0.0.1:8000';
const served = ['/api', '/docs', '/redoc', '/openapi.json', '/health', '/metrics'];

/**
 * Few files instead of many tiny ones: what every room needs travels together. Nothing here may import
 * SvelteKit, whose modules have to wait until it has started.
 */
const chunks = [
	{ name: 'core', test: /node_modules\/(svelte|esm-env|clsx|openapi-fetch)\// },
	{ name: 'parts', test: /src\/lib\/ui\/(?!Dialog|\w+Layer|Select)[\w.]+$/ },
	{ name: 'signs', test: /src\/lib\/issues\/(\w+Glyph\.svelte|words\.ts)$/ }
];

export default defineConfig({
	plugins: [
		tailwindcss(),
		sveltekit({
			adapter: adapter({ pages: output, fallback: 'shell.html', precompress: true }),
			paths: { relative: false },
			compilerOptions: { runes: true }
		}),
		withoutInlineStyle(),
		pages()
	],
	build: { assetsInlineLimit: 0 },
	environments: {
		client: {
			build: {
				rolldownOptions: {
					output: { codeSplitting: { groups: chunks } }
				}
			}
		}
	},
	server: {
		host: '127.0.0.1',
		proxy: Object.fromEntries(served.map((path) => [path, { target: server }]))
	},
	test: { include: ['src/**/*.test.ts'] }
});
