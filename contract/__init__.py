"""The words all sides share: movements, profiles, flags, topics, pseudonyms, regions, codecs and errors."""
