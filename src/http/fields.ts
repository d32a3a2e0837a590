// One decorator per kind of field: it normalises, checks and documents, so that a DTO reads like the API document.
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  isISO8601,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { normaliseEmail } from './email.js';
import { isManyLines, isNormalisable, isOneLine, lengthOf } from './text.js';

interface Presence {
  /** May be left out. */
  readonly optional?: boolean;
  /** May be `null`, which unsets it; implies `optional`. */
  readonly nullable?: boolean;
}

type Documented = Presence & Pick<ApiPropertyOptions, 'description' | 'example' | 'default'>;

interface TextOptions extends Documented {
  readonly minimum?: number;
  /** In code points. */
  readonly maximum: number;
  /** Line breaks and tabs are allowed. */
  readonly lines?: boolean;
}

/** Text, trimmed and in NFC, without control and bidirectional characters. */
export function TextField({ minimum = 1, maximum, lines = false, ...options }: TextOptions): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' && isNormalisable(value) ? value.trim().normalize('NFC') : value)),
    IsString({ message: 'must be a text' }),
    ValidateBy({
      name: 'acceptableText',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && (lines ? isManyLines(value) : isOneLine(value)),
        defaultMessage: () => 'must not contain control, invisible or direction-changing characters, or more than 30 marks on one letter',
      },
    }),
    ValidateBy({
      name: 'length',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && lengthOf(value) >= minimum && lengthOf(value) <= maximum,
        defaultMessage: () => `must have ${minimum} to ${maximum} characters`,
      },
    }),
    ...presence(options),
    document(options, { type: String, minLength: minimum, maxLength: maximum }),
  );
}

/** Text that is taken exactly as it comes, such as a password or a token. */
export function VerbatimField(options: Documented): PropertyDecorator {
  return applyDecorators(IsString({ message: 'must be a text' }), ...presence(options), document(options, { type: String }));
}

/** An e-mail address; becomes its one normal form. */
export function EmailField(options: Documented = {}): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? (normaliseEmail(value) ?? value) : value)),
    ValidateBy({
      name: 'email',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && normaliseEmail(value) === value,
        defaultMessage: () => 'must be an e-mail address',
      },
    }),
    ...presence(options),
    document(options, { type: String, format: 'email', maxLength: 254 }),
  );
}

export function ChoiceField(choices: readonly string[], options: Documented = {}): PropertyDecorator {
  return applyDecorators(
    IsIn(choices, { message: `must be one of ${choices.join(', ')}` }),
    ...presence(options),
    document(options, { type: String, enum: [...choices] }),
  );
}

/** A list of one or more of the choices, none twice. */
export function ChoicesField(choices: readonly string[], options: Documented = {}): PropertyDecorator {
  const message = `must be a list of one or more of ${choices.join(', ')}, none twice`;
  return applyDecorators(
    IsArray({ message }),
    ArrayNotEmpty({ message }),
    ArrayUnique({ message }),
    IsIn(choices, { each: true, message }),
    ...presence(options),
    ApiProperty({
      ...shown(options),
      required: !options.optional && !options.nullable,
      isArray: true,
      type: String,
      enum: [...choices],
      minItems: 1,
      uniqueItems: true,
    }),
  );
}

export function BooleanField(options: Documented = {}): PropertyDecorator {
  return applyDecorators(IsBoolean({ message: 'must be true or false' }), ...presence(options), document(options, { type: Boolean }));
}

interface NumberOptions extends Documented {
  readonly minimum: number;
  readonly maximum: number;
}

export function IntegerField({ minimum, maximum, ...options }: NumberOptions): PropertyDecorator {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return applyDecorators(
    IsInt({ message }),
    Min(minimum, { message }),
    Max(maximum, { message }),
    ...presence(options),
    document(options, { type: 'integer', minimum, maximum }),
  );
}

/** A number in steps of a half. */
export function HalfStepsField({ minimum, maximum, ...options }: NumberOptions): PropertyDecorator {
  const message = `must be a number from ${minimum} to ${maximum} in halves`;
  return applyDecorators(
    IsNumber({}, { message }),
    Min(minimum, { message }),
    Max(maximum, { message }),
    ValidateBy({
      name: 'halves',
      validator: { validate: (value: unknown) => Number.isInteger(Number(value) * 2), defaultMessage: () => message },
    }),
    ...presence(options),
    document(options, { type: Number, minimum, maximum, multipleOf: 0.5 }),
  );
}

/** A whole number in a query: decimal digits alone, so that `1e3`, `0x10` and ` 7` are refused. */
export function QueryInteger({ minimum, maximum, ...options }: NumberOptions): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) : Number.NaN)),
    IntegerField({ minimum, maximum, optional: true, ...options }),
  );
}

/** `true` or `false` in a query. */
export function QueryBoolean(options: Documented = {}): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value)),
    BooleanField({ optional: true, ...options }),
  );
}

/** One or more of the choices in a query, separated by commas; becomes a list. */
export function QueryChoices(choices: readonly string[], options: Documented = {}): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? [...new Set(value.split(','))] : [undefined])),
    IsIn(choices, { each: true, message: `must be one or more of ${choices.join(', ')}, separated by commas` }),
    ...presence({ optional: true, ...options }),
    ApiProperty({ ...shown(options), required: false, isArray: true, type: String, enum: [...choices] }),
  );
}

/** An instant such as `2026-11-22T08:14:08.123Z`; becomes that very form, in UTC with milliseconds. */
export function InstantField(options: Documented = {}): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' && isInstant(value) ? new Date(value).toISOString() : value)),
    ValidateBy({
      name: 'instant',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isInstant(value),
        defaultMessage: () => 'must be an instant such as 2026-11-22T08:14:08.123Z',
      },
    }),
    ...presence(options),
    document(options, { type: String, format: 'date-time' }),
  );
}

/**
 * With a zone and within the years 1–9999, so that it keeps its 24 characters and its order as text; a day that there is,
 * because `Date` takes the 30th of February for the 2nd of March.
 */
function isInstant(value: string): boolean {
  if (!/T.*(Z|[+-]\d{2}:\d{2})$/.test(value) || !isISO8601(value, { strict: true, strictSeparator: true })) return false;
  const instant = new Date(value);
  return !Number.isNaN(instant.getTime()) && /^\d{4}-/.test(instant.toISOString());
}

function presence({ optional, nullable }: Presence): PropertyDecorator[] {
  if (nullable) return [IsOptional()];
  return optional ? [ValidateIf((_, value) => value !== undefined)] : [];
}

function shown({ description, example, default: standard }: Documented): ApiPropertyOptions {
  return {
    ...(description && { description }),
    ...(example !== undefined && { example }),
    ...(standard !== undefined && { default: standard }),
  };
}

function document(options: Documented, schema: ApiPropertyOptions): PropertyDecorator {
  const required = !options.optional && !options.nullable;
  return ApiProperty({ ...schema, ...shown(options), required, ...(options.nullable && { nullable: true }) } as ApiPropertyOptions);
}
