"""What knows the documents: docs trees in, an index out, and what it says to a question. Imports nothing of bot."""
