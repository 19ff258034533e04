import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDate,
  IsDateString,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsPositive,
  IsString,
  IsUrl,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

export enum Color {
  Red = 'red',
  Green = 'green',
}

export enum Level {
  Low,
  High,
}

export class Address {
  @Length(1, 50)
  @JSONSchema({ description: 'Street' })
  street: string;

  @IsOptional()
  @Matches(/^\d{5}$/)
  zip?: string;
}

export class Attendee {
  @IsEmail()
  email: string;
}

export class Tree {
  @IsString()
  name: string;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Tree)
  children?: Tree[];
}

@JSONSchema({ description: 'An order' })
export class Order {
  @ValidateNested()
  @Type(() => Address)
  address: Address;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(3)
  @ValidateNested({ each: true })
  @Type(() => Address)
  others?: Address[];

  @IsEnum(Color)
  color: Color;

  @IsEnum(Level)
  level: Level;

  @Min(1)
  @Max(10)
  @IsInt()
  @JSONSchema({ description: 'How many' })
  quantity: number = 1;

  @IsIn(['x', 'y'], { each: true })
  picks: string[];

  @IsOptional()
  @IsDateString()
  due?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => Tree)
  tree?: Tree;

  @IsUUID()
  id: string;
}

export class Formats {
  @IsOptional() @IsDateString() dateString?: string;
  @IsOptional() @IsISO8601() iso?: string;
  @IsOptional() @IsDate() @Type(() => Date) date?: Date;
  @IsOptional() @IsUrl({ require_protocol: true }) url?: string;
  @IsOptional() @IsEnum(Level) level?: Level;
  @IsOptional() @IsEnum(Color, { each: true }) colors?: Color[];
}

export class Base {
  @IsString()
  @MaxLength(5)
  title: string;

  @IsBoolean()
  flag: boolean = false;
}

export class Derived extends Base {
  @IsNumber()
  @IsPositive()
  price: number;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsString({ each: true })
  tags: string[] = ['none'];
}

export class Meeting {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Attendee)
  attendees: Attendee[];
}
