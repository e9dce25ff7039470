"""The console: what an office does all day, as pages made on this server."""
