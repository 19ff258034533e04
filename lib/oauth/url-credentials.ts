/** A URL as an error may show it: without the password somebody put in it. */
export function withoutCredentials(value: string): string {
  if (!URL.canParse(value)) return value.replace(/^.*@/s, '');
  const url = new URL(value);
  if (!url.username && !url.password) return value;
  url.username = '';
  url.password = '';
  return url.href;
}
