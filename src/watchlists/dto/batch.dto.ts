import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import { ERROR_CODES, type ErrorCode } from '../../http/api-error.js';
import { BooleanField, ChoiceField, IntegerField, VerbatimField } from '../../http/fields.js';
import { CreateItemDto } from './create-item.dto.js';
import { ItemDto } from './item.dto.js';
import { UpdateItemDto } from './update-item.dto.js';

export const MOST_OPERATIONS = 500;

const ID = { description: 'Which item.', example: '01a20315-926a-74f1-bb35-b94b307c0be7' };
const VERSION = {
  minimum: 1,
  maximum: 2_147_483_647,
  optional: true,
  description: 'Only if the item still has this version, as `If-Match` says it for a single request.',
  example: 3,
};

export class AddOperation extends CreateItemDto {
  @ChoiceField(['add'])
  op: 'add';
}

export class UpdateOperation extends UpdateItemDto {
  @ChoiceField(['update'])
  op: 'update';

  @VerbatimField(ID)
  id: string;

  @IntegerField(VERSION)
  version?: number;
}

export class DeleteOperation {
  @ChoiceField(['delete'])
  op: 'delete';

  @VerbatimField(ID)
  id: string;

  @IntegerField(VERSION)
  version?: number;
}

export class RestoreOperation {
  @ChoiceField(['restore'])
  op: 'restore';

  @VerbatimField(ID)
  id: string;

  @IntegerField(VERSION)
  version?: number;
}

const OPERATIONS = [AddOperation, UpdateOperation, DeleteOperation, RestoreOperation];

@ApiExtraModels(...OPERATIONS)
export class BatchDto {
  /** Each is checked by itself, so that one bad operation does not refuse the others. */
  @IsArray({ message: 'must be a list' })
  @ArrayMinSize(1, { message: `must have 1 to ${MOST_OPERATIONS} operations` })
  @ArrayMaxSize(MOST_OPERATIONS, { message: `must have 1 to ${MOST_OPERATIONS} operations` })
  @ApiProperty({
    type: 'array',
    minItems: 1,
    maxItems: MOST_OPERATIONS,
    items: { oneOf: OPERATIONS.map((operation) => ({ $ref: getSchemaPath(operation) })) },
    description: 'Done in this order; each sees what those before it did.',
  })
  operations: unknown[];

  @BooleanField({ optional: true, default: false, description: 'All or nothing: the first operation that is refused refuses the batch.' })
  atomic = false;
}

export const BATCH_EXAMPLES = {
  'each on its own': {
    value: {
      operations: [
        { op: 'add', title: 'Dune', media_type: 'movie', year: 2021 },
        { op: 'update', id: ID.example, status: 'watched', rating: 8.5, version: 3 },
        { op: 'delete', id: ID.example },
        { op: 'restore', id: ID.example },
      ],
    },
  },
  'all or nothing': {
    value: {
      operations: [
        { op: 'delete', id: ID.example },
        { op: 'add', title: 'Dune: Part One', media_type: 'movie', year: 2021 },
      ],
      atomic: true,
    },
  },
};

class OperationError {
  @ApiProperty({ enum: ERROR_CODES })
  code: ErrorCode;

  @ApiProperty({ description: 'For people; may change.' })
  message: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  details?: Record<string, unknown>;
}

export class OperationResult {
  @ApiProperty({ type: 'integer', description: 'What a single request would have been answered with.', example: 201 })
  status: number;

  @ApiPropertyOptional({ type: ItemDto, description: 'The item as it is now, where the operation leaves one on the list.' })
  item?: ItemDto;

  @ApiPropertyOptional({ type: OperationError, description: 'Why the operation was refused.' })
  error?: OperationError;
}

export class BatchAnswer {
  @ApiProperty({ type: [OperationResult], description: 'One for each operation, in their order.' })
  results: OperationResult[];
}
