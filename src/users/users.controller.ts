import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiTags, ApiOperation } from '@nestjs/swagger';
import { type Actor, CurrentActor, Roles } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiErrors, JsonBodyErrors } from '../http/openapi.js';
import { UpdateUserDto } from './dto/update-user.dto.js';
import { ManagedUserDto, UserPage } from './dto/user.dto.js';
import { UsersQuery } from './dto/users-query.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@ApiBearerAuth()
@ApiErrors('not_authenticated', 'forbidden')
@Roles('admin')
@Controller({ path: 'users', version: '1' })
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @ApiOperation({ summary: 'All accounts, oldest first. For administrators.' })
  @Get()
  @ApiOkResponse({ type: UserPage })
  @ApiErrors('validation_failed')
  listUsers(@Query() query: UsersQuery): Promise<UserPage> {
    return this.users.list(query);
  }

  @ApiOperation({ summary: 'One account. For administrators.' })
  @Get(':id')
  @ApiOkResponse({ type: ManagedUserDto })
  @ApiErrors('not_found')
  getUser(@Param('id', IdPipe) id: string): Promise<ManagedUserDto> {
    return this.users.getManaged(id);
  }

  @ApiOperation({ summary: 'Changes the role of an account, disables or enables it. For administrators.' })
  @Patch(':id')
  @ApiOkResponse({ type: ManagedUserDto })
  @JsonBodyErrors('not_found', 'last_admin')
  async updateUser(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string, @Body() dto: UpdateUserDto): Promise<ManagedUserDto> {
    if (Object.keys(dto).length === 0) throw ApiError.field('', 'at least one field is needed');
    await this.users.update(id, dto, actor);
    return this.users.getManaged(id);
  }

  @ApiOperation({ summary: 'Deletes an account and everything in it, for good. For administrators.' })
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiErrors('not_found', 'last_admin')
  deleteUser(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.users.remove(id, actor);
  }
}
