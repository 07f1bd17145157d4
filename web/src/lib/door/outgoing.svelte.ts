import { addFile } from '#lib/api/door.ts';
import { sentence } from '#lib/api/problem.ts';
import { Cancelled, type Upload } from '#lib/api/upload.ts';
import { newKey } from '#lib/drafts/drafts.ts';

/** One more file on its way to a receipt. */
export class Outgoing {
	readonly name: string;
	share = $state(0);
	refusal = $state('');
	#upload: Upload<unknown> | null = null;
	readonly #key = newKey();

	constructor(
		readonly token: string,
		readonly file: File,
		readonly onend: (one: Outgoing) => void
	) {
		this.name = file.name || 'pasted image.png';
		void this.start();
	}

	async start() {
		this.refusal = '';
		this.share = 0;
		try {
			this.#upload = addFile(this.token, this.file, this.#key, (share) => (this.share = share));
			await this.#upload.done;
			this.onend(this);
		} catch (thrown) {
			if (thrown instanceof Cancelled) this.onend(this);
			else this.refusal = sentence(thrown);
		}
	}

	/** Stop sending, or give up what was refused. */
	cancel() {
		if (this.refusal) this.onend(this);
		else this.#upload?.cancel();
	}
}
