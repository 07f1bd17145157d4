import { boot } from '#lib/api/boot.ts';
import { gate } from '#lib/api/client.ts';
import { Problem } from '#lib/api/problem.ts';
import * as calls from '#lib/api/session.ts';
import type { Me, Session, Setup } from '#lib/api/types.ts';
import { forgetDrafts } from '#lib/drafts/drafts.ts';
import { live } from '#lib/live/live.svelte.ts';

const others = new BroadcastChannel('sightline-session');

/** Who is signed in, and what happens when that ends without being asked for. */
class Who {
	user = $state<Me | null>(null);
	setup = $state<Setup>({ open: false, token_needed: false });
	expired = $state(false);
	isOpenLine = $state(false);
	#started: Promise<void> | undefined;
	#waiting: (() => void)[] = [];

	constructor() {
		others.onmessage = ({ data }) =>
			data === this.user?.id ? void this.#again() : location.reload();
	}

	get isAdmin() {
		return this.user?.role === 'admin';
	}

	get isMaintainer() {
		return this.user?.role === 'admin' || this.user?.role === 'maintainer';
	}

	/** Learn once who is signed in: from the document, or from the server when it said nothing. */
	start(): Promise<void> {
		return (this.#started ??= this.#start());
	}

	async #start() {
		if (boot.setup) this.setup = boot.setup;
		const session = boot.session !== undefined ? boot.session : await this.#ask();
		if (session) this.#enter(session);
	}

	async #ask(): Promise<Session | null> {
		this.setup = await calls.setup().catch(() => this.setup);
		return calls.whoAmI().catch((thrown: unknown) => {
			if (thrown instanceof Problem && thrown.status === 401) return null;
			throw thrown;
		});
	}

	#enter(session: Session) {
		gate.csrf = session.csrf_token;
		gate.renew = () => this.renew();
		this.user = session.user;
		this.isOpenLine = !session.is_cookie_secure;
		live.stop();
		this.listen();
	}

	/** Hear what happens, unless it is heard already: where nobody looks, nothing is listened to. */
	listen() {
		if (!live.isOn) live.start(() => void this.renew());
	}

	/** Go on: whoever waited for it is signed in again. */
	#resume() {
		this.expired = false;
		this.#waiting.splice(0).forEach((go) => go());
	}

	/** The same person signed in anew in another tab: this one goes on with that session. */
	async #again() {
		const session = await calls.whoAmI().catch(() => null);
		if (!session) return;
		this.#enter(session);
		this.#resume();
	}

	async signIn(email: string, password: string) {
		const before = this.user?.id;
		const session = await calls.signIn(email, password);
		if (before !== undefined && before !== session.user.id) return location.reload();
		this.#enter(session);
		this.setup = { open: false, token_needed: false };
		this.#resume();
		others.postMessage(session.user.id);
	}

	/** Ask the person to sign in again and wait until it is done. */
	renew(): Promise<void> {
		this.expired = true;
		return new Promise((go) => this.#waiting.push(go));
	}

	async signOut() {
		await calls.signOut();
		if (this.user) forgetDrafts(this.user.id);
		others.postMessage(null);
		location.assign('/sign-in');
	}
}

export const who = new Who();
