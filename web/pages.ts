import { readFileSync } from 'node:fs';
import type { Plugin, Rolldown } from 'vite';

type Page = { scripts: string[]; styles: string[] };
type Bundle = Rolldown.OutputBundle;

const node = /\.svelte-kit\/generated\/.+\/nodes\/\d+\.js$/;
const routes = /src\/routes(\/.*)?\/\+(page|layout)\.(?:svelte|ts)/;

/** "/(app)/issues/[ref]" is the page at "/issues/[ref]". */
const addressOf = (folder: string) => folder.replace(/\/\([^)]*\)/g, '') || '/';

function sourceOf(chunk: Rolldown.OutputChunk): { folder: string; kind: string } | null {
	if (!chunk.facadeModuleId || !node.test(chunk.facadeModuleId)) return null;
	const found = routes.exec(readFileSync(chunk.facadeModuleId, 'utf8'));
	return found && { folder: found[1] ?? '', kind: found[2]! };
}

function withImports(chunk: Rolldown.OutputChunk, bundle: Bundle, seen = new Set<string>()) {
	if (seen.has(chunk.fileName)) return seen;
	seen.add(chunk.fileName);
	for (const name of chunk.imports) {
		const next = bundle[name];
		if (next?.type === 'chunk') withImports(next, bundle, seen);
	}
	return seen;
}

function needs(chunks: Rolldown.OutputChunk[], bundle: Bundle): Page {
	const scripts = new Set(chunks.flatMap((chunk) => [...withImports(chunk, bundle)]));
	const styles = new Set<string>();
	for (const name of scripts) {
		const chunk = bundle[name] as Rolldown.OutputChunk & {
			viteMetadata?: { importedCss: Set<string> };
		};
		chunk.viteMetadata?.importedCss.forEach((file) => styles.add(file));
	}
	return { scripts: [...scripts], styles: [...styles] };
}

/** Write `pages.json`: which addresses have a page, and which files each needs, so that the server can name them early. */
export function pages(): Plugin {
	return {
		name: 'pages',
		applyToEnvironment: (environment) => environment.name === 'client',
		generateBundle(_, bundle) {
			const nodes = Object.values(bundle)
				.filter((file) => file.type === 'chunk')
				.flatMap((chunk) => {
					const source = sourceOf(chunk);
					return source ? [{ chunk, ...source }] : [];
				});
			const layouts = nodes.filter((one) => one.kind === 'layout');
			const found = nodes
				.filter((one) => one.kind === 'page' && !one.folder.startsWith('/design'))
				.map(({ chunk, folder }) => {
					const around = layouts.filter((one) => `${folder}/`.startsWith(`${one.folder}/`));
					const chunks = [...around.map((one) => one.chunk), chunk];
					return [addressOf(folder), needs(chunks, bundle)];
				});
			const source = JSON.stringify(Object.fromEntries(found));
			this.emitFile({ type: 'asset', fileName: 'pages.json', source });
		}
	};
}
