import { Injectable } from '@nestjs/common';
import { McpResource } from 'nestjs-keycard';
import { RED_PIXEL } from './samples.js';

/** Resources of every kind. */
@Injectable()
export class TestResources {
  @McpResource({
    uri: 'test://static-text',
    description: 'A text that never changes',
    mimeType: 'text/plain',
  })
  staticText() {
    return 'This is the content of the static text resource.';
  }

  @McpResource({
    uri: 'test://static-binary',
    description: 'An image that never changes',
    mimeType: 'image/png',
  })
  staticBinary() {
    return Buffer.from(RED_PIXEL, 'base64');
  }

  @McpResource({
    uri: 'test://template/{id}/data',
    description: 'Data of an id',
    mimeType: 'application/json',
  })
  templateData({ id }: { id: string }) {
    return { id, templateTest: true, data: `Data for ID: ${id}` };
  }

  @McpResource({
    uri: 'test://watched-resource',
    description: 'A text to subscribe to',
    mimeType: 'text/plain',
  })
  watchedResource() {
    return 'This is the content of the watched resource.';
  }
}
