"""The risk ledger added up: by month, region, institution and typology, and what came of it."""
