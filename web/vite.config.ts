import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { pages } from './pages.ts';
import { withoutInlineStyle } from './style.ts';

const output = '../src/sightline/interface/static';
const server = process.env.SIGHTLINE_SERVER ?? 'http://127.0.0.1:8000';
const served = ['/api', '/docs', '/redoc', '/openapi.json', '/health', '/metrics'];

type Modules = { getModuleInfo(id: string): { importedIds: string[] } | null };

/** Tell whether a module needs SvelteKit, whose modules have to wait until it has started. */
function waits(id: string, modules: Modules, seen = new Set<string>()): boolean {
	if (seen.has(id)) return false;
	seen.add(id);
	const needed = modules.getModuleInfo(id)?.importedIds ?? [];
	return id.includes('/@sveltejs/kit/') || needed.some((one) => waits(one, modules, seen));
}

/** Few files instead of many tiny ones: what every room needs travels together. */
const chunks = [
	{ name: 'core', test: /node_modules\/(svelte|esm-env|clsx|openapi-fetch)\// },
	{ name: 'parts', test: /src\/lib\/ui\/(?!Dialog|\w+Layer|Select)[\w.]+$/ },
	{ name: 'signs', test: /src\/lib\/issues\/(\w+Glyph\.svelte|words\.ts)$/ },
	{
		name: (id: string, modules: Modules) => (waits(id, modules) ? null : 'shared'),
		test: /src\/lib\//,
		minShareCount: 2,
		entriesAware: true,
		entriesAwareMergeThreshold: 20000
	}
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
