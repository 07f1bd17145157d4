import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const colours = new Map(
	[...css.matchAll(/--color-([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
		([, name, light, dark]) => [name!, [light!, dark!]]
	)
);
const themes = ['light', 'dark'];

function luminance(hex: string): number {
	const [r, g, b] = [1, 3, 5].map((at) => {
		const part = parseInt(hex.slice(at, at + 2), 16) / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** WCAG 2.2, contrast ratio of two colours. */
function contrast(one: string, other: string): number {
	const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (light! + 0.05) / (dark! + 0.05);
}

const text = ['ink', 'muted', 'faint', 'accent', 'danger', 'caution', 'good'];
const surfaces = ['canvas', 'rail', 'raised', 'sunken', 'hover', 'selected'];
const signs = [...colours.keys()].filter((name) => /^(status|severity)-/.test(name));

test('every colour has a light and a dark value', () => {
	expect(colours.size).toBe([...css.matchAll(/^\t--color-[a-z]/gm)].length);
});

test.each(themes)('text can be read on every surface in %s', (theme) => {
	const at = themes.indexOf(theme);
	const weak = text.flatMap((name) =>
		surfaces
			.filter((surface) => contrast(colours.get(name)![at]!, colours.get(surface)![at]!) < 4.5)
			.map((surface) => `${name} on ${surface}`)
	);
	expect(weak).toEqual([]);
});

test.each(themes)('signs stand out from every surface in %s', (theme) => {
	const at = themes.indexOf(theme);
	const weak = signs.flatMap((name) =>
		surfaces
			.filter((surface) => contrast(colours.get(name)![at]!, colours.get(surface)![at]!) < 3)
			.map((surface) => `${name} on ${surface}`)
	);
	expect(weak).toEqual([]);
});

test.each(themes)('what is written on a fill can be read in %s', (theme) => {
	const at = themes.indexOf(theme);
	for (const fill of ['accent-fill', 'accent-press', 'danger-fill'])
		expect(contrast('#ffffff', colours.get(fill)![at]!), fill).toBeGreaterThanOrEqual(4.5);
});
