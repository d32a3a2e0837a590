// No route is deprecated yet: the day one is, it tells its callers as these do.
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Deprecated } from '../../src/http/deprecation.js';
import { completeOperations } from '../../src/http/openapi-operations.js';

const SINCE = new Date('2026-11-01T00:00:00Z');
const SUNSET = new Date('2027-11-01T00:00:00Z');

@Controller()
class OldController {
  @Get('old')
  @Deprecated({ since: SINCE, sunset: SUNSET, link: 'https://example.org/new' })
  old(): string {
    return 'still here';
  }

  @Get('older')
  @Deprecated({ since: SINCE })
  older(): string {
    return 'still here';
  }

  @Get('new')
  new(): string {
    return 'here to stay';
  }
}

@Module({ controllers: [OldController] })
class OldModule {}

describe('a route that is deprecated', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(OldModule, new FastifyAdapter(), { logger: false });
    await app.init();
  });
  afterAll(() => app.close());

  const headersOf = async (url: string) => (await app.inject({ method: 'GET', url })).headers;

  it('says since when, until when, and what to use in its place', async () => {
    expect(await headersOf('/old')).toMatchObject({
      deprecation: `@${SINCE.getTime() / 1_000}`,
      sunset: 'Mon, 01 Nov 2027 00:00:00 GMT',
      link: '<https://example.org/new>; rel="deprecation"; type="text/html"',
    });
  });

  it('says no more than is known', async () => {
    const headers = await headersOf('/older');

    expect(headers.deprecation).toBe(`@${SINCE.getTime() / 1_000}`);
    expect([headers.sunset, headers.link]).toEqual([undefined, undefined]);
  });

  it('is marked in the API document, and no other is', () => {
    const { paths } = completeOperations(SwaggerModule.createDocument(app, new DocumentBuilder().build()));

    expect(paths['/old']?.get?.deprecated).toBe(true);
    expect(Object.keys(paths['/old']?.get?.responses['200'] ?? {})).toContain('headers');
    expect(paths['/new']?.get?.deprecated).toBeUndefined();
  });

  it('leaves the others as they are', async () => {
    expect((await headersOf('/new')).deprecation).toBeUndefined();
  });
});
