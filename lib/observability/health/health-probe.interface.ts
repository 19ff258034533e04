/** `degraded` still serves, but not as it should. */
export type HealthStatus = 'up' | 'degraded' | 'down';

/** Facts for those who operate the application. Never a secret. */
export type HealthDetails = Readonly<
  Record<string, string | number | boolean | undefined>
>;

/** How something is. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly details?: HealthDetails;
}

/**
 * Looks after one thing.
 *
 * @publicApi
 */
export interface HealthProbe {
  readonly name: string;
  /** A probe that throws is down. */
  probe(): HealthReport | Promise<HealthReport>;
}
