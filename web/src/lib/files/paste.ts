/** The files of a paste; none where text is written and text is meant: Office puts a picture of it beside. */
export function pasted({ clipboardData, target }: ClipboardEvent): File[] {
	const isText = ['text/plain', 'text/html'].every((type) => clipboardData?.types.includes(type));
	const isField = target instanceof Element && target.matches('input, textarea');
	return isText && isField ? [] : [...(clipboardData?.files ?? [])];
}
