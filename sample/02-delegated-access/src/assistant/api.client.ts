import { BadGatewayException, Injectable } from '@nestjs/common';
import type { GrantedToken } from 'nestjs-keycard';

/** Calls the APIs, always with a token that was granted for them. */
@Injectable()
export class ApiClient {
  /** What the API answers; a bare list gets the name it is known by. */
  async list(name: string, url: string, token: GrantedToken): Promise<object> {
    const answer = await this.send<unknown>(url, token, { method: 'GET' });
    if (Array.isArray(answer)) {
      return { [name]: answer };
    }
    if (typeof answer !== 'object' || answer === null) {
      throw new BadGatewayException(
        `${new URL(url).pathname}: neither an object nor a list`,
      );
    }
    return answer;
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
