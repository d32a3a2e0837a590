import { Body, Controller, Delete, Get, Header, HttpCode, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, CurrentActor, Public, SessionOnly } from '../http/access.js';
import { ApiError } from '../http/api-error.js';
import { ApiErrors, JsonBodyErrors } from '../http/openapi.js';
import { CurrentOrigin, type Origin } from '../http/origin.js';
import { Post } from '../http/post.js';
import { UserDto } from '../users/users.service.js';
import { AuthService } from './auth.service.js';
import { ChangePasswordDto } from './dto/change-password.dto.js';
import { CredentialsDto } from './dto/credentials.dto.js';
import { DeleteAccountDto } from './dto/delete-account.dto.js';
import { LoginDto } from './dto/login.dto.js';
import { RefreshDto } from './dto/refresh.dto.js';
import { OrRefreshCookie, RefreshCookie } from './refresh-cookie.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('auth')
@Controller({ path: 'auth', version: '1' })
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
    private readonly cookie: RefreshCookie,
  ) {}

  @ApiOperation({ summary: 'Opens an account.' })
  @Post('register')
  @Public()
  @ApiCreatedResponse({ type: UserDto })
  @JsonBodyErrors('email_taken')
  register(@Body() credentials: CredentialsDto, @CurrentOrigin() origin: Origin): Promise<UserDto> {
    return this.auth.register(credentials, origin);
  }

  @ApiOperation({ summary: 'Opens a session. The refresh token comes as an `HttpOnly` cookie too.' })
  @Post('login')
  @Public()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOkResponse({ type: LoginDto })
  @JsonBodyErrors('invalid_credentials', 'account_disabled')
  async login(
    @Body() credentials: CredentialsDto,
    @CurrentOrigin() origin: Origin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginDto> {
    const answer = await this.auth.login(credentials, origin);
    this.cookie.set(request, reply, answer.refresh_token);
    return answer;
  }

  @ApiOperation({
    summary: 'Takes a refresh token, from the body or the cookie, for new tokens. A token that was used before ends its session.',
  })
  @Post('refresh')
  @Public()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiBody({ type: RefreshDto, required: false })
  @ApiOkResponse({ type: LoginDto })
  @JsonBodyErrors('invalid_refresh_token', 'forbidden')
  async refresh(
    @Body() { refresh_token }: RefreshDto,
    @CurrentOrigin() origin: Origin,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoginDto> {
    const refreshToken = refresh_token ?? this.cookie.read(request);
    if (refreshToken === undefined) throw ApiError.field('refresh_token', 'is needed here or as the cookie');
    const answer = await this.auth.refresh(refreshToken, origin);
    this.cookie.set(request, reply, answer.refresh_token);
    return answer;
  }

  @ApiOperation({ summary: 'Ends the session of the access token, or of the cookie.' })
  @Post('logout')
  @SessionOnly()
  @OrRefreshCookie()
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiNoContentResponse()
  @ApiErrors('not_authenticated', 'forbidden')
  async logout(
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.logOut(actor);
    this.cookie.clear(request, reply);
  }

  @ApiOperation({ summary: "The caller's own account." })
  @Get('me')
  @ApiBearerAuth()
  @ApiOkResponse({ type: UserDto })
  @ApiErrors('not_authenticated')
  getMe(@CurrentActor() actor: Actor): UserDto {
    return UserDto.from(actor);
  }

  @ApiOperation({ summary: "Deletes the caller's account and everything in it, for good." })
  @Delete('me')
  @SessionOnly()
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiNoContentResponse()
  @JsonBodyErrors('not_authenticated', 'invalid_credentials', 'forbidden', 'last_admin')
  async deleteMe(
    @CurrentActor() actor: Actor,
    @Body() { password }: DeleteAccountDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.auth.deleteAccount(actor, password);
    this.cookie.clear(request, reply);
  }

  @ApiOperation({ summary: "Changes the caller's password and ends all other sessions." })
  @Post('password')
  @SessionOnly()
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiNoContentResponse()
  @JsonBodyErrors('not_authenticated', 'invalid_credentials', 'forbidden')
  changePassword(@CurrentActor() actor: Actor, @Body() dto: ChangePasswordDto): Promise<void> {
    return this.auth.changePassword(actor, dto);
  }
}
