/** The initials of a name, in a colour of its own: rosters have no photographs. */
export function Avatar({ name }: { name: string }) {
  const words = name.split(/\s+/).filter(Boolean);
  const initials = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '').join('');
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 12, 7);
  return (
    <span class={`avatar hue-${hue}`} aria-hidden="true">
      {initials.toUpperCase()}
    </span>
  );
}
