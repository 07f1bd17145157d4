import { goto } from '$app/navigation';
import type { Action } from '#lib/keys/keys.svelte.ts';
import { who } from '#lib/session/session.svelte.ts';
import { theme } from '#lib/ui/theme.svelte.ts';

const to = (path: string) => () => void goto(path);

/** The actions that are possible everywhere. */
export function places(fold: () => void): Action[] {
	const me = who.user?.id;
	const actions: Action[] = [
		{ title: 'Create an issue', group: 'Issue', keys: 'C', icon: 'plus', run: to('/new') },
		{ title: 'All issues', group: 'Go to', keys: 'G I', icon: 'list', run: to('/issues') },
		{ title: 'Assigned to me', group: 'Go to', icon: 'user', run: to(`/issues?assignee=${me}`) },
		{ title: 'Insights', group: 'Go to', keys: 'G N', icon: 'chart', run: to('/insights') },
		{ title: 'Profile', group: 'Go to', keys: 'G S', icon: 'user', run: to('/settings/profile') },
		{
			title: 'Light or dark',
			group: 'Sightline',
			keys: 'D',
			icon: 'moon',
			run: () => theme.flip()
		},
		{ title: 'Fold the side bar', group: 'Sightline', keys: '[', icon: 'fold', run: fold },
		{ title: 'Sign out', group: 'Sightline', icon: 'exit', run: () => void who.signOut() }
	];
	if (who.isMaintainer)
		actions.push({
			title: 'Projects',
			group: 'Go to',
			keys: 'G P',
			icon: 'folder',
			run: to('/settings/projects')
		});
	if (who.isAdmin)
		actions.push({ title: 'Users', group: 'Go to', icon: 'users', run: to('/settings/users') });
	return actions;
}
