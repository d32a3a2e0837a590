export function ListPage() {
  return <h1>Watchlist</h1>;
}
