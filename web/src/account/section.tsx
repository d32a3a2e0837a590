import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  readonly title: string;
  readonly words: string;
  readonly children: ComponentChildren;
}

export function Section({ title, words, children }: Props) {
  const id = useId();
  return (
    <section class="section" aria-labelledby={id}>
      <div>
        <h2 id={id}>{title}</h2>
        <p class="secondary">{words}</p>
      </div>
      {children}
    </section>
  );
}
