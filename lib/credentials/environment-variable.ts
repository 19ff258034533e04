/** The process's environment, or one made up for a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value without blanks around it; blank is unset. */
export function readVariable(
  environment: Environment,
  name: string,
): string | undefined {
  return environment[name]?.trim() || undefined;
}
