/** Files that were dropped or pasted and wait for the page that takes them. */
class Hand {
	files = $state.raw<File[]>([]);

	give(files: File[]) {
		this.files = [...this.files, ...files];
	}

	take(): File[] {
		const files = this.files;
		this.files = [];
		return files;
	}
}

export const hand = new Hand();
