// Who issues access tokens and for whom: both are checked, so that a token signed for something else is none here.
export const TOKEN_ISSUER = 'watchlist';
export const TOKEN_AUDIENCE = 'watchlist-api';
