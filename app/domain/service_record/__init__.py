"""The counting rules LC-COUNT-1 口径: what counts, in which month, and why not."""
