"""The verbs: the only writers. Each takes a session, an actor and plain values, and flushes; the caller commits.

The order is always: may they? is it the version they saw? is it possible? change, record, flush.
"""
