/** Variables that platforms set where they run copies of one process. */
const REPLICA_VARIABLES = [
  'KUBERNETES_SERVICE_HOST',
  'K_SERVICE',
  'ECS_CONTAINER_METADATA_URI_V4',
  'FLY_ALLOC_ID',
  'DYNO',
  'NODE_APP_INSTANCE',
];

/** Whether this process is probably not the only one that serves its clients. */
export function areReplicasLikely(
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return REPLICA_VARIABLES.some((name) => environment[name]?.trim());
}
