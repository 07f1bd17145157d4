import { problemOf } from './problem.ts';

export type Message = { id: string; event: string; data: string };

/** Cut a stream of server-sent events into messages; what is unfinished stays for the next piece. */
export class Cutter {
	#rest = '';

	cut(piece: string): Message[] {
		const blocks = (this.#rest + piece).replaceAll('\r\n', '\n').split('\n\n');
		this.#rest = blocks.pop() ?? '';
		return blocks.map(messageOf).filter((message) => message.event !== '');
	}
}

function messageOf(block: string): Message {
	const message = { id: '', event: '', data: '' };
	for (const line of block.split('\n')) {
		const at = line.indexOf(':');
		const name = line.slice(0, at);
		const value = line.slice(at + 1).replace(/^ /, '');
		if (name === 'id') message.id = value;
		if (name === 'event') message.event = value;
		if (name === 'data') message.data += (message.data && '\n') + value;
	}
	return message;
}

type Ears = {
	after: string | null;
	signal: AbortSignal;
	onopen: () => void;
	onsign: () => void;
	onmessage: (message: Message) => void;
};

/**
 * Listen until the stream ends. Fetch instead of EventSource: it shows the status of a refusal, every
 * sign of life, and needs no list of kinds.
 */
export async function listen({ after, signal, onopen, onsign, onmessage }: Ears): Promise<void> {
	const headers: Record<string, string> = { Accept: 'text/event-stream' };
	if (after) headers['Last-Event-ID'] = after;
	const response = await fetch('/api/v1/events', { headers, signal, cache: 'no-store' });
	if (!response.ok || !response.body) throw await problemOf(response);
	onopen();
	const cutter = new Cutter();
	const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		onsign();
		cutter.cut(value).forEach(onmessage);
	}
}
