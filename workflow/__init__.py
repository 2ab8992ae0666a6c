"""The kernel: flows, the one gate, timeline, deadlines, work items, facts and the registry of processes."""
