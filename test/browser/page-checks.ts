import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Contrast that WCAG 2.2 AA demands of text of ordinary size. */
export const LEGIBLE = 4.5;

export interface Contrast {
  readonly text: string;
  readonly ratio: number;
}

/** Contrast of every text of a page with what is behind it. */
export async function contrasts(page: Page): Promise<Contrast[]> {
  const texts = await page.evaluate(() => {
    const { document, getComputedStyle } = globalThis as any;
    const behind = (element: any): string => {
      const { backgroundColor } = getComputedStyle(element);
      return backgroundColor !== 'rgba(0, 0, 0, 0)' || !element.parentElement
        ? backgroundColor
        : behind(element.parentElement);
    };
    return [...document.querySelectorAll('body *')]
      .filter((element) =>
        [...element.childNodes].some(
          (node) => node.nodeType === 3 && node.data.trim() !== '',
        ),
      )
      .map((element) => ({
        text: String(element.textContent).trim(),
        colors: [String(getComputedStyle(element).color), behind(element)],
      }));
  });
  return texts.map(({ text, colors }) => {
    const [dark, light] = colors.map(luminance).sort((a, b) => a - b);
    return { text, ratio: (light! + 0.05) / (dark! + 0.05) };
  });
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const [red, green, blue] = color.match(/[\d.]+/g)!.map((channel) => {
    const share = Number(channel) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Whether the browser draws a frame around what has the focus. */
export function hasVisibleFocus(page: Page): Promise<boolean> {
  return page.locator(':focus').evaluate((element) => {
    const { outlineStyle, outlineWidth } = (globalThis as any).getComputedStyle(
      element,
    );
    return outlineStyle === 'solid' && Number.parseFloat(outlineWidth) >= 2;
  });
}

/** Presses Tab until an element has the focus, which has to be visible. */
export async function tabTo(page: Page, role: 'button' | 'link', name: string) {
  const target = page.getByRole(role, { name });
  const isFocused = () =>
    target.evaluate(
      (element) => (globalThis as any).document.activeElement === element,
    );
  for (let count = 0; count < 20 && !(await isFocused()); count += 1) {
    await page.keyboard.press('Tab');
  }
  expect(await isFocused()).toBe(true);
  expect(await hasVisibleFocus(page)).toBe(true);
}

export function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name }).click();
}
