import { invalidateAll } from '$app/navigation';
import { boot } from '#lib/api/boot.ts';
import { Problem } from '#lib/api/problem.ts';
import { listen } from '#lib/api/stream.ts';
import { delay } from './delay.ts';
import { refresh } from './refresh.ts';
import { onlyOnce, shared, type Heard } from './tabs.ts';

export type LiveEvent = {
	kind: string;
	issue?: number | null;
	/** The issue of `issue.gone`. */
	id?: number;
	key: string | null;
	actor: { id: number; name: string } | null;
	at: string;
	version: number | null;
	changes: Record<string, { from: unknown; to: unknown }>;
};

const silence = 40_000;
const coalesce = 120;
/** Numbers may follow a change by up to a second. */
const counted = 1_100;

/** The names of what a page has loaded; an event says which of them is out of date. */
export const about = {
	list: 'live:issues',
	issue: (id: number) => `live:issue:${id}` as const,
	numbers: 'live:numbers',
	users: 'live:users'
} as const;

/** A position is `p12` in the stream and `12` in a header. */
const bare = (position: string | null) => position?.replace(/^p/, '') ?? null;

/** The one stream of events in this browser: one tab listens, the others hear it from that tab. */
class Live {
	connected = $state(true);
	#after = boot.position ?? null;
	#stale = new Set<string>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#stop: AbortController | undefined;
	#hearers = new Set<(event: LiveEvent) => void>();
	#leads = false;
	#unsure = false;

	get isOn() {
		return this.#stop !== undefined;
	}

	/** Start listening for the person who is signed in; ends what was heard before. */
	start(onexpired: () => void) {
		this.stop();
		const stop = (this.#stop = new AbortController());
		shared.hear((heard) => this.#heard(heard), stop.signal);
		this.#unsure = true;
		shared.tell({ hello: this.#after });
		void onlyOnce(stop.signal, () => {
			this.#leads = true;
			return this.#keepListening(stop.signal, onexpired);
		});
	}

	stop() {
		this.#stop?.abort();
		this.#stop = undefined;
		this.#leads = false;
		this.connected = true;
	}

	/** Call with every event until the returned function is called. */
	on(hearer: (event: LiveEvent) => void): () => void {
		this.#hearers.add(hearer);
		return () => this.#hearers.delete(hearer);
	}

	async #keepListening(signal: AbortSignal, onexpired: () => void) {
		for (let failures = 0; !signal.aborted; failures += 1) {
			try {
				await this.#listenOnce(signal, () => (failures = 0));
			} catch (thrown) {
				if (thrown instanceof Problem && thrown.status === 401) return onexpired();
			}
			if (signal.aborted) return;
			shared.tell({ connected: false });
			await delay(failures, signal);
		}
	}

	async #listenOnce(signal: AbortSignal, onopen: () => void) {
		const quiet = new AbortController();
		let timer = setTimeout(() => quiet.abort(), silence);
		try {
			await listen({
				after: this.#after,
				signal: AbortSignal.any([signal, quiet.signal]),
				onopen: () => {
					onopen();
					shared.tell({ connected: true });
				},
				onsign: () => {
					clearTimeout(timer);
					timer = setTimeout(() => quiet.abort(), silence);
				},
				onmessage: (message) => shared.tell({ message })
			});
		} finally {
			clearTimeout(timer);
		}
	}

	#heard(heard: Heard) {
		if (heard.connected !== undefined) this.connected = heard.connected;
		if (heard.hello !== undefined && this.#leads) shared.tell({ at: this.#after });
		if (heard.at !== undefined) this.#catchUp(heard.at);
		if (!heard.message) return;
		this.#after = heard.message.id || this.#after;
		if (heard.message.event === 'resync') return void invalidateAll();
		const event = JSON.parse(heard.message.data) as LiveEvent;
		this.#hearers.forEach((hearer) => hearer(event));
		this.#outdate(event);
	}

	/** A tab that joins may have missed what was told between its page and its first breath. */
	#catchUp(at: string | null) {
		if (this.#unsure && !this.#leads && bare(at) !== bare(this.#after)) void invalidateAll();
		this.#unsure = false;
	}

	#outdate(event: LiveEvent) {
		const issue = event.issue ?? event.id;
		if (issue) {
			this.#stale.add(about.issue(issue)).add(about.list).add(about.numbers);
		}
		if (event.kind.startsWith('user.')) this.#stale.add(about.users);
		if (this.#timer === undefined) this.#timer = setTimeout(() => this.#refresh(), coalesce);
	}

	#refresh() {
		this.#timer = undefined;
		const stale = [...this.#stale];
		this.#stale.clear();
		void refresh(...stale);
		if (stale.includes(about.numbers)) setTimeout(() => void refresh(about.numbers), counted);
	}
}

export const live = new Live();
