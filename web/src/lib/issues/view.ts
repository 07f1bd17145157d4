/** How the list's filters stand in the address of its page. */
export type View = {
	q: string;
	status: string[];
	severity: string[];
	assignee: string[];
	fact: string[];
	sort: string;
};

export const filters = ['status', 'severity', 'assignee', 'fact'] as const;
export type Filter = (typeof filters)[number];

export function readView(query: URLSearchParams): View {
	return {
		q: query.get('q') ?? '',
		status: query.getAll('status'),
		severity: query.getAll('severity'),
		assignee: query.getAll('assignee'),
		fact: query.getAll('fact'),
		sort: query.get('sort') ?? ''
	};
}

/** The query string of a view, always in the same order, so that equal views have equal addresses. */
export function writeView(view: Partial<View>): string {
	const query = new URLSearchParams();
	if (view.q) query.set('q', view.q);
	for (const filter of filters) view[filter]?.forEach((value) => query.append(filter, value));
	if (view.sort) query.set('sort', view.sort);
	return query.size ? `?${query}` : '';
}

/** A view with one value of a filter put in, or taken out when it was there. */
export function toggle(view: View, filter: Filter, value: string): View {
	const values = view[filter];
	const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
	return { ...view, [filter]: next };
}

export const isFiltered = (view: View): boolean =>
	view.q !== '' || filters.some((filter) => view[filter].length > 0);
