import type { Message } from '#lib/api/stream.ts';

export type Heard = {
	connected?: boolean;
	message?: Message;
	hello?: string | null;
	at?: string | null;
};

const channel = 'sightline-live';

/** Tell every tab of this browser, this one included. */
class Shared {
	#channel = new BroadcastChannel(channel);
	#hear: ((heard: Heard) => void) | undefined;

	hear(hear: (heard: Heard) => void, signal: AbortSignal) {
		this.#hear = hear;
		this.#channel.onmessage = ({ data }) => hear(data as Heard);
		signal.addEventListener('abort', () => (this.#channel.onmessage = null));
	}

	tell(heard: Heard) {
		this.#hear?.(heard);
		this.#channel.postMessage(heard);
	}
}

export const shared = new Shared();

/** Do the work in one tab at a time: a browser opens six connections to a server at most, and a stream holds one. */
export async function onlyOnce(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
	if (!navigator.locks) return work();
	await navigator.locks.request(channel, { signal }, work).catch((thrown: unknown) => {
		if (!signal.aborted) throw thrown;
	});
}
