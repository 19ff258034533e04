import { findFreePorts } from './free-ports.js';
import { Narrator } from './narrator.js';

const names = ['PORT', 'ZONE_PORT', 'API_PORT'];
const ports = await findFreePorts(names.length);
names.forEach((name, index) => {
  process.env[name] = String(ports[index]);
});

// Decorators read the settings when they are loaded, so the ports come first.
const { playDemo } = await import('./demo.js');
const narrator = new Narrator();
try {
  await playDemo(narrator);
} catch (error) {
  narrator.check('the demo runs to its end', false, String(error));
  console.error(error);
}
console.log(`\n${narrator.summary}`);
process.exit(narrator.isHappy ? 0 : 1);
