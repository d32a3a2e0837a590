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
import { JwtStrategy } from './jwt.strategy.js';
import { PasswordHasher } from './password-hasher.js';
import { Session } from './session.entity.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SigningKeys } from './signing-keys.js';
import { SigningKeysModule } from './signing-keys.module.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([Session]),
    SigningKeysModule,
    JwtModule.registerAsync({
      imports: [SigningKeysModule],
      inject: [SigningKeys, Config],
      useFactory: (keys: SigningKeys, config: Config) => ({
        secret: keys.accessToken,
        signOptions: { algorithm: 'HS256', expiresIn: config.accessTokenTtl, issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE },
      }),
    }),
    UsersModule,
    AuditModule,
  ],
  controllers: [AuthController],
  providers: [AuthService, SessionsService, SessionsRepository, PasswordHasher, JwtStrategy, FirstAdmin],
})
export class AuthModule implements OnModuleInit {
  constructor(private readonly passwords: PasswordHasher) {}

  async onModuleInit(): Promise<void> {
    await this.passwords.dummyHash();
  }
}
