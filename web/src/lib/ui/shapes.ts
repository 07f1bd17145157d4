/** Class lists that several parts share, so that they look the same everywhere. */
export const control =
	'w-full rounded-sm border border-edge bg-canvas px-2.5 text-sm text-ink transition-colors hover:border-faint focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger disabled:bg-sunken disabled:text-muted';

export const floating =
	'z-50 rounded-md border border-line bg-raised text-sm text-ink shadow-float outline-none animate-appear';

export const option =
	'flex h-8 items-center gap-2 rounded-sm px-2 text-sm outline-none select-none data-highlighted:bg-hover data-selected:bg-hover data-disabled:cursor-not-allowed data-disabled:text-faint';
