import type { Role } from '#lib/api/types.ts';
import type { Choice } from '#lib/ui/Picker.svelte';

export const roles: (Choice & { value: Role })[] = [
	{ value: 'reporter', label: 'Reporter', hint: 'own issues' },
	{ value: 'maintainer', label: 'Maintainer', hint: 'works the queue' },
	{ value: 'admin', label: 'Admin', hint: 'everything' }
];
