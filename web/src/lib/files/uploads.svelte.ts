import { attachment, discard, factsOfFile, partsOf } from '#lib/api/files.ts';
import { Problem, sentence } from '#lib/api/problem.ts';
import type { Attachment, Fact } from '#lib/api/types.ts';
import { Cancelled, upload, type Upload } from '#lib/api/upload.ts';
import { newKey } from '#lib/drafts/drafts.ts';
import { isBusy } from './words.ts';

type State = 'sending' | 'reading' | 'ready' | 'failed';

/** A file that can be looked at, with what was read in it. */
export type Opened = { file: Attachment; facts: Fact[] };

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
let last = 0;

/** One file on its way: sent, read by the server, then there with its facts; failing or stopping alone. */
export class Sending {
	readonly key = ++last;
	readonly #once = newKey();
	readonly name: string;
	readonly size: number;
	share = $state(0);
	state = $state<State>('sending');
	refusal = $state('');
	attachment = $state.raw<Attachment | null>(null);
	facts = $state.raw<Fact[]>([]);
	/** The files that came out of this one. */
	parts = $state.raw<Opened[]>([]);
	/** Whether all of them have come out. */
	isOpened = $state(false);
	#file: File | null = null;
	#upload: Upload | null = null;
	#isGone = false;

	constructor(
		given: File | Attachment,
		readonly onready: () => void
	) {
		this.name = given.name || 'pasted image.png';
		this.size = given.size;
		if (given instanceof File) this.#file = given;
		else this.attachment = given;
		void this.start();
	}

	get canRetry() {
		return this.state === 'failed' && this.#file !== null && this.attachment === null;
	}

	/** The file with its facts, once it has arrived. */
	get opened(): Opened | null {
		return this.attachment && { file: this.attachment, facts: this.facts };
	}

	async start() {
		this.refusal = '';
		try {
			if (this.#file && !this.attachment) await this.#send(this.#file);
			await this.#read();
			await this.#unpack();
		} catch (thrown) {
			if (thrown instanceof Cancelled) return;
			this.state = 'failed';
			this.refusal = sentence(thrown);
		}
	}

	async #send(file: File) {
		this.state = 'sending';
		this.share = 0;
		this.#upload = upload(file, null, this.#once, (share) => (this.share = share));
		this.attachment = await this.#upload.done;
	}

	/** Ask until the server has read the file; staged files have no event yet. */
	async #read() {
		this.state = 'reading';
		const id = this.attachment!.id;
		for (let wait = 120; isBusy(this.attachment!); wait *= 1.4) {
			await pause(Math.min(wait, 1_500));
			if (this.#isGone) return;
			this.attachment = await attachment(id);
		}
		this.facts = (await factsOfFile(id)).items;
		this.state = 'ready';
		this.onready();
	}

	/** Follow what comes out of the file until all of it has been read. */
	async #unpack() {
		for (let wait = 200; !this.#isGone; wait *= 1.4) {
			const files = await partsOf(this.attachment!.id);
			this.parts = await Promise.all(files.map((file) => this.#open(file)));
			if (!files.some(isBusy)) break;
			await pause(Math.min(wait, 1_500));
		}
		this.isOpened = true;
		if (this.parts.length) this.onready();
	}

	async #open(file: Attachment): Promise<Opened> {
		const before = this.parts.find((one) => one.file.id === file.id);
		if (before && !isBusy(before.file)) return before;
		return { file, facts: isBusy(file) ? [] : (await factsOfFile(file.id)).items };
	}

	/** Take in a fact that a person corrected, of this file or of one inside. */
	correct(fact: Fact) {
		const put = (facts: Fact[]) => facts.map((one) => (one.id === fact.id ? fact : one));
		this.facts = put(this.facts);
		this.parts = this.parts.map((one) => ({ ...one, facts: put(one.facts) }));
	}

	/** Stop sending, or take back what was sent. */
	async stop() {
		this.#isGone = true;
		this.#upload?.cancel();
		if (this.attachment) await discard(this.attachment.id).catch(ignoreMissing);
	}
}

function ignoreMissing(thrown: unknown) {
	if (!(thrown instanceof Problem)) throw thrown;
}
