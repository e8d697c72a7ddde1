"""A call, step by step (pure): what was pressed or said becomes what we say next, and what we wait for."""
