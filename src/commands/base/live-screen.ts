/** A screen that is drawn over itself, and the keys that are pressed meanwhile. */
export interface LiveScreen {
  draw(text: string): void;
  /** Leaves the last screen where it is, and the terminal as it was. */
  end(): void;
}

export async function liveScreen(keys: (key: string) => void): Promise<LiveScreen> {
  const { createLogUpdate } = await import('log-update');
  const draw = createLogUpdate(process.stdout, { showCursor: false });
  const { stdin } = process;
  const listen = (data: Buffer) => {
    for (const key of data.toString()) keys(key);
  };
  stdin.setRawMode?.(true);
  stdin.resume();
  stdin.on('data', listen);
  return {
    draw,
    end() {
      draw.done();
      stdin.off('data', listen);
      stdin.setRawMode?.(false);
      stdin.pause();
    },
  };
}
