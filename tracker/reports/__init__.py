"""Reports out: tables, packs and returns as bytes; nothing here reads or writes the database."""
