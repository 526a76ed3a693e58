import { h } from 'preact';

export function Brand() {
  return (
    <span class="brand">
      <img src="icon.svg" alt="" width="26" height="26" />
      Warren
    </span>
  );
}
