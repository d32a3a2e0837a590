// A link within the dashboard: a real one, so that a new tab and the keyboard work, which does not load the page anew.
import type { AnchorHTMLAttributes } from 'preact';
import { navigate } from '../router.js';

interface Props extends AnchorHTMLAttributes {
  readonly href: string;
}

export function Link({ href, onClick, ...rest }: Props) {
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.call(event.currentTarget, event);
        if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(href);
      }}
    />
  );
}
