"""Text to vectors: sentences by a sentence-transformers model, words by BM25."""
