"""GraphQL: `/api/graphql`, executed on the real schema."""
