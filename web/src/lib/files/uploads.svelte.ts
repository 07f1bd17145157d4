import { attachment, discard, factsOfFile } from '#lib/api/files.ts';
import { Problem, sentence } from '#lib/api/problem.ts';
import type { Attachment, Fact } from '#lib/api/types.ts';
import { Cancelled, upload, type Upload } from '#lib/api/upload.ts';

type State = 'sending' | 'reading' | 'ready' | 'failed';

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const busy = ['queued', 'running'];
let last = 0;

/** One file on its way: sent, read by the server, then there with its facts; failing or stopping alone. */
export class Sending {
	readonly key = ++last;
	readonly name: string;
	readonly size: number;
	share = $state(0);
	state = $state<State>('sending');
	refusal = $state('');
	attachment = $state.raw<Attachment | null>(null);
	facts = $state.raw<Fact[]>([]);
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

	async start() {
		this.refusal = '';
		try {
			if (this.#file && !this.attachment) await this.#send(this.#file);
			await this.#read();
		} catch (thrown) {
			if (thrown instanceof Cancelled) return;
			this.state = 'failed';
			this.refusal = sentence(thrown);
		}
	}

	async #send(file: File) {
		this.state = 'sending';
		this.share = 0;
		this.#upload = upload(file, null, (share) => (this.share = share));
		this.attachment = await this.#upload.done;
	}

	/** Ask until the server has read the file; staged files have no event yet. */
	async #read() {
		this.state = 'reading';
		const id = this.attachment!.id;
		for (let wait = 120; busy.includes(this.attachment!.extraction.status); wait *= 1.4) {
			await pause(Math.min(wait, 1_500));
			if (this.#isGone) return;
			this.attachment = await attachment(id);
		}
		this.facts = (await factsOfFile(id)).items;
		this.state = 'ready';
		this.onready();
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
