/** On a phone a field that gets the focus by itself brings up the keyboard, over half of the page. */
export const hasKeyboard = (): boolean => window.matchMedia('(pointer: fine)').matches;
