select to_regnamespace(quote_ident(%s)) is not null
