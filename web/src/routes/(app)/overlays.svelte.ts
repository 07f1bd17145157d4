/** Which of the layers above the page is open. */
class Overlays {
	palette = $state(false);
	help = $state(false);
}

export const overlays = new Overlays();
