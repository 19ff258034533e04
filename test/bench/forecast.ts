/** The work that all servers do: little, so that they can be told apart. */

/** The API that the tools have a token for. It is never called. */
export const WEATHER_API = 'https://weather.example.com/v1';

export interface ForecastInput {
  readonly city: string;
  readonly days: number;
}

/** As JSON Schema, which both modules take as it is. */
export const FORECAST_SCHEMA = {
  type: 'object',
  properties: {
    city: { type: 'string', minLength: 1, description: 'Name of the city' },
    days: {
      type: 'integer',
      minimum: 1,
      maximum: 14,
      description: 'Number of days to look ahead',
    },
  },
  required: ['city', 'days'],
  additionalProperties: false,
};

export const toolName = (index: number) => `forecast_${index}`;

export const toolDescription = (index: number) =>
  `Forecasts the weather of a city in region ${index}, day by day`;

export function forecast({ city, days }: ForecastInput) {
  const text = `${city}: sunny for ${days} days, then some rain`;
  return { content: [{ type: 'text' as const, text }] };
}
