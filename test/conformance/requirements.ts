/** A revision of the protocol that the suite has requirements of. */
export type Revision = '2025-11-25' | '2026-07-28';

/** Scenarios, with the number of checks that pass in each. */
export type Scenarios = Readonly<Record<string, number>>;

/** What must pass. Anything less, even a scenario without a check, fails. */
export interface Requirements {
  /** What the revision demands. */
  readonly scored: Scenarios;
  /** What the suite runs besides. */
  readonly unscored: Scenarios;
}

/** Extensions of the protocol that this library does not have. */
export const FOREIGN_EXTENSIONS = /^(?:tasks-|sep-2640-skills-)/;

const BOTH: Scenarios = {
  'completion-complete': 2,
  'dns-rebinding-protection': 2,
  'prompts-get-embedded-resource': 2,
  'prompts-get-simple': 2,
  'prompts-get-with-args': 2,
  'prompts-get-with-image': 2,
  'prompts-list': 2,
  'resources-list': 2,
  'resources-read-binary': 2,
  'resources-read-text': 2,
  'resources-templates-read': 2,
  'server-sse-multiple-streams': 1,
  'tools-call-audio': 2,
  'tools-call-embedded-resource': 2,
  'tools-call-error': 2,
  'tools-call-image': 2,
  'tools-call-mixed-content': 2,
  'tools-call-simple-text': 2,
  'tools-call-with-progress': 2,
};

export const REQUIREMENTS: Readonly<Record<Revision, Requirements>> = {
  '2025-11-25': {
    scored: {
      ...BOTH,
      'elicitation-sep1034-defaults': 6,
      'elicitation-sep1330-enums': 6,
      'logging-set-level': 2,
      ping: 2,
      'resources-subscribe': 2,
      'resources-unsubscribe': 2,
      'server-initialize': 3,
      'tools-call-elicitation': 2,
      'tools-call-sampling': 2,
      'tools-call-with-logging': 2,
      'tools-list': 3,
    },
    unscored: {
      'json-schema-2020-12': 8,
      'server-session-lifecycle': 3,
      'server-sse-polling': 3,
    },
  },
  '2026-07-28': {
    scored: {
      ...BOTH,
      caching: 8,
      'input-required-result-basic-elicitation': 3,
      'input-required-result-basic-list-roots': 3,
      'input-required-result-basic-sampling': 3,
      'input-required-result-capability-check': 2,
      'input-required-result-ignore-extra-params': 2,
      'input-required-result-missing-input-response': 2,
      'input-required-result-multi-round': 4,
      'input-required-result-multiple-input-requests': 3,
      'input-required-result-non-tool-request': 3,
      'input-required-result-request-state': 3,
      'input-required-result-result-type': 2,
      'input-required-result-tampered-state': 2,
      'input-required-result-unsupported-methods': 2,
      'input-required-result-validate-input': 3,
      'sep-2164-resource-not-found': 4,
      'server-stateless': 30,
      'tools-list': 4,
    },
    unscored: {
      'http-custom-header-server-validation': 10,
      'http-header-validation': 14,
      'json-schema-2020-12': 8,
    },
  },
};
