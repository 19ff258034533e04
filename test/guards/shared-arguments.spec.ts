import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { IncomingHttpHeaders } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { RequireScopes } from '../../lib/guards/decorators/require-scopes.decorator.js';
import {
  KeycardAuthGuard,
  type KeycardAuthGuardDependencies,
} from '../../lib/guards/keycard-auth.guard.js';
import { ProtectedResourceRegistry } from '../../lib/guards/protected-resource.registry.js';
import {
  RequestAdmission,
  type RequestAdmissionDependencies,
} from '../../lib/guards/request-admission.js';
import type { CredentialedRequest } from '../../lib/guards/request-credentials.js';
import { Principal } from '../../lib/verification/principal.js';
import { ProtectedResource } from '../../lib/verification/protected-resource.js';
import { principalOfRequest } from '../../lib/verification/request-principal.js';
import { ZoneDirectory } from '../../lib/zone/zone-directory.js';
import { ZoneLocator } from '../../lib/zone/zone-locator.js';

interface Request {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** As applications extend the guard for resolvers. */
class ResolverGuard extends KeycardAuthGuard {
  protected override getRequest(context: ExecutionContext): Request {
    return context.getArgByIndex<{ req: Request }>(2).req;
  }
}

class Resolver {
  @RequireScopes()
  field(this: void) {}
}

const principalOf = (subject: string) =>
  new Principal(
    {
      issuer: 'https://zone.example.com',
      subject,
      clientId: 'client',
      scopes: [],
      audience: [],
      expiresAt: 9e9,
      resource: 'https://mcp.example.com/mcp',
      claims: {},
    },
    `token of ${subject}`,
  );

describe('a resolver whose first argument serves several callers', () => {
  const authenticated: string[] = [];
  const admission = new RequestAdmission({
    authenticator: {
      authenticate: ({ headers }: CredentialedRequest) => {
        authenticated.push(headers.authorization!);
        return principalOf(headers.authorization!);
      },
    },
    resources: new ProtectedResourceRegistry(
      new ZoneLocator(ZoneDirectory.single('https://zone.example.com')),
      new ProtectedResource({
        identifier: 'https://mcp.example.com/mcp',
        path: '/mcp',
      }),
    ),
  } as unknown as RequestAdmissionDependencies);
  const guard = new ResolverGuard({
    admission,
    protect: 'declared',
  } as unknown as KeycardAuthGuardDependencies);

  const resolve = async (parent: object, authorization: string) => {
    const req: Request = { url: '/graphql', headers: { authorization } };
    const context = new ExecutionContextHost(
      [parent, {}, { req }, {}],
      Resolver,
      Resolver.prototype.field,
    );
    context.setType('graphql');
    await guard.canActivate(context);
    return req;
  };

  it('does not mix them up', async () => {
    const parent = {};
    const [ada, bob] = [
      await resolve(parent, 'ada'),
      await resolve(parent, 'bob'),
    ];
    expect(principalOfRequest(parent)).toBeUndefined();
    expect([
      principalOfRequest(ada)?.subject,
      principalOfRequest(bob)?.subject,
    ]).toEqual(['ada', 'bob']);
    // Every call is authenticated: only an HTTP request is one request.
    expect(authenticated).toEqual(['ada', 'bob']);
  });
});
