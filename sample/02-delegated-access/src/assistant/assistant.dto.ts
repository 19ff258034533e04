import {
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
} from 'class-validator';

export class ListEventsDto {
  /** How many events to list. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(50)
  max?: number;
}

export class CreateEventDto {
  @IsString()
  @Length(1, 200)
  title: string;

  @IsISO8601()
  start: string;
}
