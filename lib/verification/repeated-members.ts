const STRING_OR_STRUCTURE = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/**
 * Whether any object of a JSON text names a member twice. `JSON.parse` keeps
 * the last one silently; another reader may keep the first.
 *
 * @param json text that `JSON.parse` accepts
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4
 */
export function hasRepeatedMembers(json: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let previous = '';
  for (const [lexeme] of json.matchAll(STRING_OR_STRUCTURE)) {
    if (lexeme === '{') open.push(new Set());
    else if (lexeme === '[') open.push(undefined);
    else if (lexeme === '}' || lexeme === ']') open.pop();
    else if (lexeme === ':') {
      const members = open.at(-1);
      const name = JSON.parse(previous) as string;
      if (members?.has(name)) return true;
      members?.add(name);
    }
    previous = lexeme;
  }
  return false;
}
