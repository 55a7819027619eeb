"""The engines of the bench, one file each; a library is imported only in the file of the engine that needs it."""
