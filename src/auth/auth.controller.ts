import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Public } from '../http/access.js';
import { ApiErrors, JsonBodyErrors } from '../http/openapi.js';
import { UserDto } from '../users/users.service.js';
import { AuthService } from './auth.service.js';
import { CredentialsDto } from './dto/credentials.dto.js';
import { LoginDto } from './dto/login.dto.js';

@ApiTags('auth')
@Controller({ path: 'auth', version: '1' })
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @ApiOperation({ summary: 'Opens an account.' })
  @Post('register')
  @Public()
  @ApiCreatedResponse({ type: UserDto })
  @JsonBodyErrors('email_taken')
  register(@Body() credentials: CredentialsDto): Promise<UserDto> {
    return this.auth.register(credentials);
  }

  @ApiOperation({ summary: 'Opens a session.' })
  @Post('login')
  @Public()
  @HttpCode(200)
  @ApiOkResponse({ type: LoginDto })
  @JsonBodyErrors('invalid_credentials', 'account_disabled')
  login(@Body() credentials: CredentialsDto): Promise<LoginDto> {
    return this.auth.login(credentials);
  }

  @ApiOperation({ summary: "The caller's own account." })
  @Get('me')
  @ApiBearerAuth()
  @ApiOkResponse({ type: UserDto })
  @ApiErrors('not_authenticated')
  getMe(@CurrentActor() actor: Actor): Promise<UserDto> {
    return this.auth.getAccount(actor.id);
  }
}
