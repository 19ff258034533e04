const KEY =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="none" stroke="#5b7fe8" stroke-width="2" d="M7 9a3 3 0 1 1 0-.1M7 8h8v4M12 8v3"/></svg>';

/** The icon of all pages, inline because the pages load nothing. */
export const PAGE_ICON = `data:image/svg+xml,${encodeURIComponent(KEY)}`;
