export const NO_INTROSPECTION_ENDPOINT =
  'the authorization server metadata has no introspection endpoint';
export const NOT_JSON = 'the introspection response is not a JSON object';
