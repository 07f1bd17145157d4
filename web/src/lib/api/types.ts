import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type Person = Schemas['Person'];
export type User = Schemas['UserOut'];
export type Me = Person & { email: string; role: Role };
export type Role = NonNullable<User['role']>;
export type Setup = Schemas['SetUpState'];
export type Session = Omit<Schemas['SessionOut'], 'user'> & { user: Me };
export type SignIn = Schemas['SignInOut'];
export type Token = Schemas['TokenOut'];
export type Label = Schemas['LabelOut'];
export type Project = Schemas['ProjectOut'];
export type Summary = Schemas['Summary'];

export type IssueRow = Schemas['IssueRow'];
export type Issue = Schemas['IssueOut'];
export type IssueEdit = Omit<Schemas['IssueEdit'], 'version'>;
export type NewIssue = Schemas['IssueWish'];
export type Rows = Schemas['Issues'];
export type Count = NonNullable<Rows['count']>;
export type TimelineEvent = Omit<Schemas['EventOut'], 'changes'> & {
	changes: Record<string, { from: unknown; to: unknown }>;
};
export type Conflict = {
	field: string;
	base: unknown;
	theirs: unknown;
	yours: unknown;
	by: Person | null;
	at: string;
};

export type Attachment = Schemas['AttachmentOut'];
export type Words = Schemas['TextOut'];
export type Suggestions = Schemas['Suggestions'];
export type Similar = Schemas['Similar'];
export type Locator = Schemas['Locator'];
export type Money = { amount: string; currency: string | null };
export type FactType = Schemas['FactOut']['type'];
export type FactValue = string | number | boolean | Money;
export type Alternative = Omit<Schemas['Alternative'], 'value'> & { value: FactValue };
export type Fact = Omit<Schemas['FactOut'], 'value' | 'read_value' | 'alternatives'> & {
	value: FactValue;
	read_value: FactValue | null;
	alternatives: Alternative[];
};

export type Comment = Schemas['CommentOut'];
export type Link = Schemas['Link'];
export type Door = Schemas['Door'];
export type Submitted = Schemas['SubmittedOut'];
export type Receipt = Schemas['ReceiptOut'];
export type ReceiptFile = Schemas['ReceiptFile'];
export type Reply = Schemas['Reply'];
