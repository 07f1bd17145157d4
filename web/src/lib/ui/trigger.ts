import { createAttachmentKey } from 'svelte/attachments';

type Handlers = { toggle: () => void; found: (node: HTMLElement) => void };

/**
 * What a button needs to open a layer that is loaded when it is first wanted, so that the first screen
 * does not carry the code of every menu.
 */
export function triggerProps(open: boolean, popup: 'dialog' | 'menu', on: Handlers) {
	return {
		onclick: on.toggle,
		'aria-haspopup': popup,
		'aria-expanded': open,
		'data-state': open ? 'open' : 'closed',
		[createAttachmentKey()]: on.found
	};
}

/** A press on the button that opened a layer is the button's business, and focus goes back there. */
export function stays(anchor: HTMLElement | null) {
	return {
		onInteractOutside: (event: Event) => {
			if (anchor?.contains(event.target as Node)) event.preventDefault();
		},
		onCloseAutoFocus: (event: Event) => {
			event.preventDefault();
			anchor?.focus();
		}
	};
}

/** Fetch code that will be wanted, once the page has nothing better to do. For an effect: by then the page stands. */
export function soon(load: () => Promise<unknown>) {
	const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run));
	const quietly = () => void load().catch(() => undefined);
	const later = () => setTimeout(() => idle(quietly), 700);
	if (document.readyState === 'complete') later();
	else addEventListener('load', later, { once: true });
}
