import type { Plugin } from 'vite';

const hidden = 'class="sr-only"';
const replaced: [file: RegExp, attribute: RegExp, instead: string][] = [
	[/\/kit\/src\/runtime\/components\/root\.svelte$/, /style="position: absolute;[^"]*"/, hidden],
	[
		/\/bits-ui\/dist\/bits\/command\/components\/command-[\w-]+\.svelte$/,
		/style="display: contents;"/,
		'class="contents"'
	]
];

/** Our policy forbids `style` attributes; where libraries write fixed ones, a class of ours does the same. */
export function withoutInlineStyle(): Plugin {
	return {
		name: 'without-inline-style',
		enforce: 'pre',
		transform(code, id) {
			for (const [file, attribute, instead] of replaced)
				if (file.test(id) && attribute.test(code))
					return { code: code.replace(attribute, instead), map: { mappings: '' } };
		}
	};
}
