import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../http/access.js';
import { ApiErrors } from '../http/openapi.js';
import { UserPage } from './dto/user.dto.js';
import { UsersQuery } from './dto/users-query.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@ApiBearerAuth()
@ApiErrors('validation_failed', 'not_authenticated', 'forbidden')
@Roles('admin')
@Controller({ path: 'users', version: '1' })
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @ApiOperation({ summary: 'All accounts, oldest first. For administrators.' })
  @Get()
  @ApiOkResponse({ type: UserPage })
  listUsers(@Query() query: UsersQuery): Promise<UserPage> {
    return this.users.list(query);
  }
}
