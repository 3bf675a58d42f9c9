"""What is counted: measures, and the counts of every world beside its baseline."""
