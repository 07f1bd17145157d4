/** The list as it was last looked at, for the way back from an issue. */
export const lastList = { search: '' };
