import { Module, type OnModuleInit } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { Config } from '../config/config.js';
import { UsersModule } from '../users/users.module.js';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from './access-token.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { FirstAdmin } from './first-admin.js';
import { IdentitiesService } from './identities.service.js';
import { JwtStrategy } from './jwt.strategy.js';
import { LoginThrottle } from './login-throttle.js';
import { PasswordHasher } from './password-hasher.js';
import { PersonalAccessToken } from './personal-access-token.entity.js';
import { RefreshCookie } from './refresh-cookie.js';
import { Session } from './session.entity.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SigningKeys } from './signing-keys.js';
import { SigningKeysModule } from './signing-keys.module.js';
import { TokenUsage } from './token-usage.js';
import { TokensController } from './tokens.controller.js';
import { TokensRepository } from './tokens.repository.js';
import { TokensService } from './tokens.service.js';
import { VerifiedTokens } from './verified-tokens.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([Session, PersonalAccessToken]),
    SigningKeysModule,
    JwtModule.registerAsync({
      imports: [SigningKeysModule],
      inject: [SigningKeys, Config],
      useFactory: (keys: SigningKeys, config: Config) => ({
        secret: keys.current.accessToken,
        signOptions: {
          algorithm: 'HS256',
          keyid: keys.current.id,
          expiresIn: config.accessTokenTtl,
          issuer: TOKEN_ISSUER,
          audience: TOKEN_AUDIENCE,
        },
      }),
    }),
    UsersModule,
    AuditModule,
  ],
  controllers: [AuthController, SessionsController, TokensController],
  providers: [
    AuthService,
    IdentitiesService,
    SessionsService,
    SessionsRepository,
    TokensService,
    TokensRepository,
    TokenUsage,
    VerifiedTokens,
    RefreshCookie,
    PasswordHasher,
    LoginThrottle,
    JwtStrategy,
    FirstAdmin,
  ],
  // What the guard asks for, and what lists go into a takeout.
  exports: [IdentitiesService, TokensService, VerifiedTokens, RefreshCookie, SessionsService],
})
export class AuthModule implements OnModuleInit {
  constructor(private readonly passwords: PasswordHasher) {}

  async onModuleInit(): Promise<void> {
    await this.passwords.dummyHash();
  }
}
