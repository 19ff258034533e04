import { BadGatewayException, Injectable } from '@nestjs/common';
import type { GrantedToken } from 'nestjs-keycard';

/** Calls the APIs, always with a token that was granted for them. */
@Injectable()
export class ApiClient {
  async get<T>(url: string, token: GrantedToken): Promise<T> {
    return this.send<T>(url, token, { method: 'GET' });
  }

  async post<T>(url: string, token: GrantedToken, body: object): Promise<T> {
    return this.send<T>(url, token, {
      method: 'POST',
      body: JSON.stringify(body),
    });
  }

  private async send<T>(
    url: string,
    token: GrantedToken,
    init: RequestInit,
  ): Promise<T> {
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
      headers: {
        accept: 'application/json',
        authorization: token.authorization,
        'content-type': 'application/json',
      },
    }).catch(() => undefined);
    if (!response?.ok) {
      const status = response ? `status ${response.status}` : 'no answer';
      throw new BadGatewayException(`${new URL(url).pathname}: ${status}`);
    }
    return (await response.json()) as T;
  }
}
