export type Toast = {
	id: number;
	text: string;
	tone: 'plain' | 'good' | 'danger';
	act?: { label: string; run: () => void };
};

let last = 0;

class Toasts {
	shown = $state<Toast[]>([]);

	/** Show a sentence for some seconds; failures stay until they are closed. */
	say(text: string, tone: Toast['tone'] = 'plain', act?: Toast['act']) {
		const toast = { id: ++last, text, tone, act };
		this.shown = [...this.shown.slice(-3), toast];
		if (tone !== 'danger') setTimeout(() => this.close(toast.id), act ? 10_000 : 5_000);
	}

	close(id: number) {
		this.shown = this.shown.filter((toast) => toast.id !== id);
	}
}

export const toasts = new Toasts();
