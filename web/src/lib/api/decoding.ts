const marks = { 'utf-16le': [0xff, 0xfe], 'utf-16be': [0xfe, 0xff] };

/** Decodes a text that comes in pieces as the server does: UTF-16 with its mark, UTF-8, or else Windows-1252. */
export function decoding(): (bytes: Uint8Array) => string {
	let decoder: TextDecoder | undefined;
	let isSettled = false;

	return (bytes) => {
		decoder ??= new TextDecoder(markedAs(bytes) ?? 'utf-8');
		const text = decoder.decode(bytes, { stream: true });
		if (isSettled || decoder.encoding !== 'utf-8') return text;
		isSettled = /[^\0-\x7f\ufffd]/.test(text);
		if (isSettled || !text.includes('\ufffd')) return text;
		decoder = new TextDecoder('windows-1252');
		return decoder.decode(bytes, { stream: true });
	};
}

function markedAs(bytes: Uint8Array): string | undefined {
	const found = Object.entries(marks).find(([, mark]) =>
		mark.every((byte, at) => bytes[at] === byte)
	);
	return found?.[0];
}
