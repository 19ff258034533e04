import { Injectable } from '@nestjs/common';
import { McpTool } from 'nestjs-keycard';
import { RED_PIXEL, SILENCE } from './samples.js';

const IMAGE = { type: 'image', data: RED_PIXEL, mimeType: 'image/png' };

/** Tools that answer with every kind of content. */
@Injectable()
export class ContentTools {
  @McpTool({ description: 'Answers with text' })
  testSimpleText() {
    return 'This is a simple text response for testing.';
  }

  @McpTool({ description: 'Answers with an image' })
  testImageContent() {
    return IMAGE;
  }

  @McpTool({ description: 'Answers with a sound' })
  testAudioContent() {
    return { type: 'audio', data: SILENCE, mimeType: 'audio/wav' };
  }

  @McpTool({ description: 'Answers with a resource' })
  testEmbeddedResource() {
    return {
      type: 'resource',
      resource: {
        uri: 'test://embedded-resource',
        mimeType: 'text/plain',
        text: 'This is an embedded resource content.',
      },
    };
  }

  @McpTool({ description: 'Answers with content of several kinds' })
  testMultipleContentTypes() {
    return [
      { type: 'text', text: 'Multiple content types test:' },
      IMAGE,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: JSON.stringify({ test: 'data', value: 123 }),
        },
      },
    ];
  }
}
